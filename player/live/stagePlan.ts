import type { TrackKind, TrackSource } from '#engine/contract';

/** What the plan reads of a track. */
export interface StageTrack {
  publication: { source: TrackSource; kind: TrackKind; isPaused: boolean };
}

export interface StagePlan<T> {
  /** The large picture; undefined when nothing is to be seen. */
  main: T | undefined;
  /** The small one in the corner. */
  inset: T | undefined;
  audioTracks: readonly T[];
}

/** The first of these that is there is shown large, the next small. */
const order: readonly TrackSource[] = ['screen', 'program', 'camera'];

/** Which picture is large and which is small: the screen before the face, unless swapped. */
export function planStage<T extends StageTrack>(tracks: Iterable<T>, isSwapped: boolean): StagePlan<T> {
  const all = [...tracks];
  const videos = all
    .filter(({ publication }) => publication.kind === 'video' && !publication.isPaused)
    .sort((a, b) => order.indexOf(a.publication.source) - order.indexOf(b.publication.source));
  const [first, second] = videos;
  const audioTracks = all.filter(({ publication }) => publication.kind === 'audio');
  return isSwapped && second ? { main: second, inset: first, audioTracks } : { main: first, inset: second, audioTracks };
}
