import { CodedError } from '#engine/contract';
import type { VideoRow, VideoStore } from '../library/index.ts';

/** The videos as they are played: a clip has the media of its original. Nothing that changes or removes files may use it. */
export class PlayableVideos {
  readonly #videos: Pick<VideoStore, 'find' | 'getMany'>;

  constructor(videos: Pick<VideoStore, 'find' | 'getMany'>) {
    this.#videos = videos;
  }

  async find(videoId: string): Promise<VideoRow | undefined> {
    const row = await this.#videos.find(videoId);
    return row?.clipOf ? asPlayed(row, await this.#videos.find(row.clipOf.videoId)) : row;
  }

  /** Also a deleted one. @throws CodedError `video.notFound` */
  async get(videoId: string): Promise<VideoRow> {
    const row = await this.find(videoId);
    if (!row) throw new CodedError('video.notFound', 'There is no such video.', { details: { videoId } });
    return row;
  }

  /** Those that exist, also deleted ones, in no particular order. */
  async getMany(videoIds: readonly string[]): Promise<VideoRow[]> {
    const rows = await this.#videos.getMany(videoIds);
    const wanted = [...new Set(rows.flatMap(({ clipOf }) => clipOf?.videoId ?? []))];
    const originals = new Map((wanted.length === 0 ? [] : await this.#videos.getMany(wanted)).map((row) => [row._id, row]));
    return rows.map((row) => (row.clipOf ? asPlayed(row, originals.get(row.clipOf.videoId)) : row));
  }
}

/**
 * A clip with the files and the cuts of its original. It is as hidden as the original is, and what was recorded is complete although the
 * lecture may be live. The poster is none of it: it may show a moment outside of the clip.
 */
function asPlayed(clip: VideoRow, original: VideoRow | undefined): VideoRow {
  if (!original) return { ...clip, deletedAt: clip.deletedAt ?? clip.createdAt };
  const { recordingId, generation, renditions, manifest, replaced, storyboard, waveform, cuts, hasScreen, failure, storageClass, restoring, captions } = original;
  return {
    ...clip,
    ...{ recordingId, generation, renditions, manifest, replaced, storyboard, waveform, cuts, hasScreen, failure, storageClass, restoring, captions },
    state: original.state === 'live' ? 'ready' : original.state,
    durationSeconds: Math.max(original.durationSeconds, (clip.clipOf?.endMs ?? 0) / 1000),
    deletedAt: clip.deletedAt ?? original.deletedAt,
    visibleFrom: laterOf(clip.visibleFrom, original.visibleFrom),
  };
}

function laterOf(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return Date.parse(a) > Date.parse(b) ? a : b;
}
