import type { PlaybackTrack } from '#api/contract';
import { hasMediaAt } from './mediaSpans.ts';

/** A picture that was there so shortly before the end of what is known may well go on. */
const openEndSeconds = 5;

function mayContinue({ pictures, durationSeconds }: PlaybackTrack): boolean {
  return (pictures.at(-1)?.endSeconds ?? -Infinity) > durationSeconds - openEndSeconds;
}

/** The picture of the track at that time is one that was sent, and not the black that stands for its absence. */
export function hasVideoAt(track: PlaybackTrack, seconds: number, isGrowing: boolean): boolean {
  const last = track.pictures.at(-1);
  if (isGrowing && last && mayContinue(track) && seconds >= last.startSeconds) return true;
  return hasMediaAt(track.pictures, seconds, false);
}

/** What of the tracks decides how they are played; when it changes, a growing video is opened anew. */
export function trackSetKey(tracks: readonly PlaybackTrack[]): string {
  return JSON.stringify(tracks.map((track) => [track.source, track.hasVideo, track.hasAudio, track.pictures.length, mayContinue(track)]));
}
