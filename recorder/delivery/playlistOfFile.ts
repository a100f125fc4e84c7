import type { MediaPath } from './mediaPath.ts';

/** The playlist that lists a file of a track or rendition. Undefined for a file that has no media of its own: an init segment. */
export function playlistOfFile(requested: MediaPath): { kind: 'playlist' | 'videoPlaylist'; name: string } | undefined {
  if (requested.kind === 'segment') {
    const [track = '', file = ''] = requested.path.split('/');
    return file.startsWith('init-') ? undefined : { kind: 'playlist', name: `${track}.m3u8` };
  }
  if (requested.kind !== 'videoSegment') return undefined;
  const [, rendition = '', file = ''] = requested.path.split('/');
  return file === 'init.mp4' ? undefined : { kind: 'videoPlaylist', name: `${rendition}.m3u8` };
}
