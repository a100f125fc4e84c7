import type { PlaybackTrack } from '#api/contract';
import { hasMediaAt } from './mediaSpans.ts';

/** Video that reaches this close to the known end is assumed to continue. */
const openEndSeconds = 5;

function mayContinue({ pictures, durationSeconds }: PlaybackTrack): boolean {
  return (pictures.at(-1)?.endSeconds ?? -Infinity) > durationSeconds - openEndSeconds;
}

/** The track has video at that time, so it is not the black that fills gaps. */
export function hasVideoAt(track: PlaybackTrack, seconds: number, isGrowing: boolean): boolean {
  const last = track.pictures.at(-1);
  if (isGrowing && last && mayContinue(track) && seconds >= last.startSeconds) return true;
  return hasMediaAt(track.pictures, seconds, false);
}

/** Identifies the properties of the tracks that decide how they are played. When the key changes, a growing video is opened again. */
export function trackSetKey(tracks: readonly PlaybackTrack[]): string {
  return JSON.stringify(tracks.map((track) => [track.source, track.hasVideo, track.hasAudio, track.pictures.length, mayContinue(track)]));
}
