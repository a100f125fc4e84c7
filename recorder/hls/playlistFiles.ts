import { iFramePlaylist, iFramePlaylistName } from './iFramePlaylist.ts';
import { recordingTracks, trackGroups } from '../journal/rows.ts';
import { mediaPlaylist } from './mediaPlaylist.ts';
import type { RecordingListing } from './mediaPlaylist.ts';
import { multivariantPlaylist } from './multivariantPlaylist.ts';

/** The format of playlists. It changes when the same rows are written as another text. */
export const playlistFormat = 2;

/** The current playlist of that name; undefined when the recording has no such playlist. */
export function playlistNamed(listing: RecordingListing, name: string): string | undefined {
  const group = trackGroups.find((one) => `${one}.m3u8` === name);
  if (group) return multivariantPlaylist(listing, group);
  const iFrameTrack = recordingTracks.find((one) => iFramePlaylistName(one) === name);
  if (iFrameTrack) return iFramePlaylist(listing, iFrameTrack);
  const track = recordingTracks.find((one) => `${one}.m3u8` === name);
  const hasSegments = track && listing.segments.some((segment) => segment.track === track && segment.state !== 'lost');
  return hasSegments ? mediaPlaylist(listing, track) : undefined;
}

/** All playlists of a recording, by name. */
export function playlistFiles(listing: RecordingListing): Map<string, string> {
  const names = [...[...trackGroups, ...recordingTracks].map((name) => `${name}.m3u8`), ...recordingTracks.map(iFramePlaylistName)];
  const files = names.map((name) => [name, playlistNamed(listing, name)] as const);
  return new Map(files.filter((file): file is readonly [string, string] => file[1] !== undefined));
}
