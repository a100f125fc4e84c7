/** What the follower can see of both pictures at one instant. Positions are seconds of the second picture's own media. */
export interface SyncView {
  main: { isPlaying: boolean; isSeeking: boolean; isReady: boolean; rate: number };
  second: { seconds: number; targetSeconds: number; isSeeking: boolean; isReady: boolean; rate: number };
  /** The second picture was recorded at this moment; false in its gaps and outside of it. */
  hasSecondVideo: boolean;
  /** How long the main picture has waited for the second one already. */
  heldMs: number;
}

export interface SyncCommand {
  play: boolean;
  rate: number;
  seekToSeconds?: number;
  /** The main picture stands still until the second one is there. */
  holdMain: boolean;
}

/** Beyond this a seek is quicker than catching up. */
const seekBeyondSeconds = 0.6;
/** While nothing moves, a seek costs nothing that could be seen. */
const seekBeyondPausedSeconds = 0.04;
/** Below this nothing is corrected; half a frame at 30 per second is 17 ms. */
const restWithinSeconds = 0.012;
/** A nudge that has begun goes on until `restWithinSeconds`; a new one begins here. */
const nudgeBeyondSeconds = 0.025;
/** A drift is gone after about this long. */
const correctionSeconds = 0.7;
/** At most this part faster or slower: a picture without sound does not show it. */
const largestNudge = 0.2;
/** The lesser picture is worth this much waiting; then the lecture goes on without it until it is back. */
const maxHoldMs = 8000;

/** What to do so that the second picture shows the same moment as the main one. */
export function decideSync(view: SyncView): SyncCommand {
  const { main, second } = view;
  if (!view.hasSecondVideo) return { play: false, rate: main.rate, holdMain: false };
  const mainMoves = main.isPlaying && main.isReady && !main.isSeeking;
  const isSecondThere = second.isReady && !second.isSeeking;
  const holdMain = main.isPlaying && !isSecondThere && view.heldMs < maxHoldMs;
  const drift = second.seconds - second.targetSeconds;
  const still = { play: false, rate: main.rate, holdMain };
  const isFar = Math.abs(drift) > (mainMoves ? seekBeyondSeconds : seekBeyondPausedSeconds);
  if (isFar && !second.isSeeking) return { ...still, seekToSeconds: second.targetSeconds };
  if (!mainMoves || !isSecondThere) return still;
  return { play: true, rate: nudged(main.rate, second.rate, drift), holdMain: false };
}

function nudged(mainRate: number, secondRate: number, drift: number): number {
  const isNudging = Math.abs(secondRate - mainRate) > 0.001;
  if (Math.abs(drift) <= (isNudging ? restWithinSeconds : nudgeBeyondSeconds)) return mainRate;
  const nudge = Math.max(-largestNudge, Math.min(largestNudge, -drift / correctionSeconds));
  const least = Math.sign(nudge) * 0.03;
  return mainRate * (1 + (Math.abs(nudge) < Math.abs(least) ? least : nudge));
}
