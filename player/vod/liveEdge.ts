import type { ReadonlySignal } from '@preact/signals';

/** A replay within this distance of the end of the recording has caught up. */
export const caughtUpSeconds = 12;

interface Playback {
  durationSeconds: ReadonlySignal<number>;
  positionSeconds: ReadonlySignal<number>;
}

/** The distance to the end of a growing recording; undefined until its duration is known. */
export function behindLiveSeconds({ durationSeconds, positionSeconds }: Playback): number | undefined {
  return durationSeconds.value > 0 ? Math.max(0, durationSeconds.value - positionSeconds.value) : undefined;
}

/** The position is known to be at the end of a growing recording. */
export function isAtLiveEdge(playback: Playback): boolean {
  const behindSeconds = behindLiveSeconds(playback);
  return behindSeconds !== undefined && behindSeconds <= caughtUpSeconds;
}
