import type { PlaybackTrack } from '#api/contract';
import { nearestEditedMs, toSourceMs } from '#recorder/contract';
import { toSpans } from './keptSpans.ts';

export interface ChosenTracks {
  /** The track whose clock is used and whose audio is played. */
  main: PlaybackTrack;
  second: PlaybackTrack | undefined;
  /** The time of the second media at a time of the main one. */
  toSecondSeconds: (mainSeconds: number) => number;
}

/** Chooses the main track and the second one; undefined if there is nothing to play. */
export function chooseTracks(tracks: readonly PlaybackTrack[]): ChosenTracks | undefined {
  const main = tracks.find((track) => track.hasAudio) ?? tracks[0];
  if (!main) return undefined;
  const second = tracks.find((track) => track !== main && track.hasVideo);
  return { main, second, toSecondSeconds: (mainSeconds) => (second ? secondsOfTrack(second, secondsOfLecture(main, mainSeconds)) : mainSeconds) };
}

function secondsOfLecture({ kept, startOffsetSeconds }: PlaybackTrack, seconds: number): number {
  return startOffsetSeconds + (kept ? toSourceMs(toSpans(kept), seconds * 1000) / 1000 : seconds);
}

function secondsOfTrack({ kept, startOffsetSeconds }: PlaybackTrack, lectureSeconds: number): number {
  const seconds = lectureSeconds - startOffsetSeconds;
  return kept ? nearestEditedMs(toSpans(kept), seconds * 1000) / 1000 : seconds;
}
