import type { PlaybackTrack } from '#api/contract';

export interface ChosenTracks {
  /** The track whose clock is used and whose audio is played. */
  main: PlaybackTrack;
  second: PlaybackTrack | undefined;
  /** Added to a time of the main media to get the time of the second. */
  secondOffsetSeconds: number;
}

/** Chooses the main track and the second one; undefined if there is nothing to play. */
export function chooseTracks(tracks: readonly PlaybackTrack[]): ChosenTracks | undefined {
  const main = tracks.find((track) => track.hasAudio) ?? tracks[0];
  if (!main) return undefined;
  const second = tracks.find((track) => track !== main && track.hasVideo);
  return { main, second, secondOffsetSeconds: second ? main.startOffsetSeconds - second.startOffsetSeconds : 0 };
}
