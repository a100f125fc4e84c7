import type { PlaybackTrack } from '#api/contract';

export interface ChosenTracks {
  /** Its clock is the lecture's, and its sound is heard. */
  main: PlaybackTrack;
  second: PlaybackTrack | undefined;
  /** What to add to a time of the main media to get the time of the second. */
  secondOffsetSeconds: number;
}

/** Which track leads and which follows; undefined when there is nothing to play. */
export function chooseTracks(tracks: readonly PlaybackTrack[]): ChosenTracks | undefined {
  const main = tracks.find((track) => track.hasAudio) ?? tracks[0];
  if (!main) return undefined;
  const second = tracks.find((track) => track !== main && track.hasVideo);
  return { main, second, secondOffsetSeconds: second ? main.startOffsetSeconds - second.startOffsetSeconds : 0 };
}
