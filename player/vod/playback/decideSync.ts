/** The state of both videos at one instant. Positions are seconds of the second video's media. */
export interface SyncView {
  main: { isPlaying: boolean; isSeeking: boolean; isReady: boolean; rate: number };
  second: {
    seconds: number;
    targetSeconds: number;
    isSeeking: boolean;
    isReady: boolean;
    rate: number;
    /** It has played since it was last sought. A browser that pauses a video may show a frame that is later than its clock. */
    hasPlayed: boolean;
  };
  /** The second video was recorded at this position; false in its gaps. */
  hasSecondVideo: boolean;
  /** How long the main video has been held already. */
  heldMs: number;
}

export interface SyncCommand {
  play: boolean;
  rate: number;
  seekToSeconds?: number;
  /** Hold the main video until the second one is ready. */
  holdMain: boolean;
}

/** Beyond this drift, a seek is faster than catching up. */
const seekBeyondSeconds = 0.6;
/** While paused, a seek is not visible. */
const seekBeyondPausedSeconds = 0.04;
/** A smaller drift is not corrected. Half a frame at 30 fps is 17 ms. */
const restWithinSeconds = 0.012;
/** A nudge starts beyond this drift and continues down to `restWithinSeconds`. */
const nudgeBeyondSeconds = 0.025;
/** A drift is corrected in about this time. */
const correctionSeconds = 0.7;
/** The largest change of speed. It is not visible in a video without audio. */
const largestNudge = 0.2;
/** After this time, the main video continues without the second one until it is ready. */
const maxHoldMs = 8000;

/** Decides how to keep the second video in sync with the main one. */
export function decideSync(view: SyncView): SyncCommand {
  const { main, second } = view;
  if (!view.hasSecondVideo) return { play: false, rate: main.rate, holdMain: false };
  const mainMoves = main.isPlaying && main.isReady && !main.isSeeking;
  const isSecondThere = second.isReady && !second.isSeeking;
  const holdMain = main.isPlaying && !isSecondThere && view.heldMs < maxHoldMs;
  const drift = second.seconds - second.targetSeconds;
  const still = { play: false, rate: main.rate, holdMain };
  if (mustSeek(view, Math.abs(drift), mainMoves)) return { ...still, seekToSeconds: second.targetSeconds };
  if (!mainMoves || !isSecondThere) return still;
  return { play: true, rate: nudged(main.rate, second.rate, drift), holdMain: false };
}

function mustSeek({ main, second }: SyncView, distanceSeconds: number, mainMoves: boolean): boolean {
  if (second.isSeeking) return false;
  const mayShowLaterFrame = !main.isPlaying && second.hasPlayed;
  return mayShowLaterFrame || distanceSeconds > (mainMoves ? seekBeyondSeconds : seekBeyondPausedSeconds);
}

function nudged(mainRate: number, secondRate: number, drift: number): number {
  const isNudging = Math.abs(secondRate - mainRate) > 0.001;
  if (Math.abs(drift) <= (isNudging ? restWithinSeconds : nudgeBeyondSeconds)) return mainRate;
  const nudge = Math.max(-largestNudge, Math.min(largestNudge, -drift / correctionSeconds));
  const least = Math.sign(nudge) * 0.03;
  return mainRate * (1 + (Math.abs(nudge) < Math.abs(least) ? least : nudge));
}
