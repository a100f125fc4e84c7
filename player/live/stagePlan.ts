import type { TrackKind, TrackSource } from '#engine/contract';

/** The part of a track that the plan uses. */
export interface StageTrack {
  publication: { source: TrackSource; kind: TrackKind; isPaused: boolean };
}

export interface StagePlan<T> {
  /** The large video; undefined without any video. */
  main: T | undefined;
  /** The small video in the corner. */
  inset: T | undefined;
  audioTracks: readonly T[];
}

/** The first available source is shown large, the next one small. */
const order: readonly TrackSource[] = ['screen', 'program', 'camera'];

/** Decides which video is large and which is small: the screen before the camera, unless swapped. */
export function planStage<T extends StageTrack>(tracks: Iterable<T>, isSwapped: boolean): StagePlan<T> {
  const all = [...tracks];
  const videos = all
    .filter(({ publication }) => publication.kind === 'video' && !publication.isPaused)
    .sort((a, b) => order.indexOf(a.publication.source) - order.indexOf(b.publication.source));
  const [first, second] = videos;
  const audioTracks = all.filter(({ publication }) => publication.kind === 'audio');
  return isSwapped && second ? { main: second, inset: first, audioTracks } : { main: first, inset: second, audioTracks };
}

/** No video is published, or only a paused one, while audio is: the instructor has turned the camera off. */
export function isVideoOff(publications: readonly StageTrack['publication'][]): boolean {
  const hasVideo = publications.some(({ kind, isPaused }) => kind === 'video' && !isPaused);
  return !hasVideo && publications.some(({ kind }) => kind === 'audio');
}
