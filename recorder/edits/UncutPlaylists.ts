import type { RecordingLibrary } from '../delivery/RecordingLibrary.ts';
import type { VideoRow } from '../library/index.ts';
import type { RenditionGroup } from '../contract/index.ts';
import { renditionPlaylist, renditionsIn } from '../renditions/index.ts';
import type { VideoMedia } from '../renditions/index.ts';

export interface UncutPlaylistsOptions {
  library: Pick<RecordingLibrary, 'playlist'>;
  renditions: Pick<VideoMedia, 'manifest'>;
}

/** Media playlists of whole videos, by whose segments cuts are made. */
export class UncutPlaylists {
  readonly #options: UncutPlaylistsOptions;

  constructor(options: UncutPlaylistsOptions) {
    this.#options = options;
  }

  /** Of the video of a group, or of its audio if it has no video; undefined if the video has no such group. */
  async of({ manifest, generation, recordingId }: VideoRow, group: RenditionGroup): Promise<string | undefined> {
    const { library, renditions } = this.#options;
    if (manifest) {
      const all = await renditions.manifest(manifest);
      const [rendition] = [...renditionsIn(all, group, 'video'), ...renditionsIn(all, group, 'audio')];
      return rendition && renditionPlaylist(rendition, generation);
    }
    if (recordingId === null) return undefined;
    for (const track of group === 'screen' ? ['screen-video'] : ['main-video', 'main-audio']) {
      const playlist = await library.playlist(recordingId, `${track}.m3u8`);
      if (playlist) return playlist.text;
    }
    return undefined;
  }
}
