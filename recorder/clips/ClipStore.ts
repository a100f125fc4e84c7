import { CodedError } from '#engine/contract';
import { newId } from '#engine/kernel';
import type { Collection, Database } from '#engine/kernel';
import type { Span } from '../contract/index.ts';
import { widenToCutPoints } from '../edits/widenToCutPoints.ts';
import { videoCollection, withDefaults } from '../library/VideoRow.ts';
import type { StoredVideoRow, VideoRow } from '../library/VideoRow.ts';
import { maxClipMs, maxClipsOfVideo, minClipMs } from './limits.ts';

export interface NewClip extends Span {
  original: VideoRow;
  /** Where segments of the original begin and end, in source time. A clip is widened to them, so that it begins with a keyframe. */
  points: readonly number[];
  title: string;
  createdBy: string;
  /** ISO 8601 */
  createdAt: string;
}

/** Clips: videos that are a part of another. It shares the collection of `VideoStore`. */
export class ClipStore {
  readonly #rows: Collection<StoredVideoRow>;

  constructor(database: Database) {
    this.#rows = database.collection(videoCollection);
  }

  /** @throws CodedError `clip.outside`, `clip.length`, `limit.reached` */
  async create({ original, points, startMs, endMs, title, createdBy, createdAt }: NewClip): Promise<VideoRow> {
    const span = startMs < (points.at(-1) ?? 0) ? widenToCutPoints(points, { startMs, endMs }) : undefined;
    if (!span) throw new CodedError('clip.outside', 'This range is outside of the video.');
    if (endMs - startMs < minClipMs || endMs - startMs > maxClipMs) throw new CodedError('clip.length', `A clip is ${minClipMs / 1000} seconds to ${maxClipMs / 60_000} minutes long.`);
    if ((await this.of(original._id)).length >= maxClipsOfVideo) throw new CodedError('limit.reached', `A video has at most ${maxClipsOfVideo} clips. Delete one of them first.`);
    const { courseId } = original;
    const made = { _id: newId('vid'), courseId, createdBy, title, source: 'clip', clipOf: { videoId: original._id, ...span }, state: 'ready', durationSeconds: (span.endMs - span.startMs) / 1000, createdAt } as const;
    const { recordingId: _none, ...row } = withDefaults(made);
    await this.#rows.insertOne(row);
    return withDefaults(row);
  }

  /** The clips of a video, also deleted ones, the newest first. */
  async of(videoId: string): Promise<VideoRow[]> {
    return (await this.#rows.find({ 'clipOf.videoId': videoId }, { sort: { createdAt: -1, _id: -1 }, limit: maxClipsOfVideo })).map(withDefaults);
  }

  /** Deletes the clips of a video with it, at the same instant. Resolves with their ids. */
  async deleteWith({ _id, deletedAt, deletedBy }: VideoRow): Promise<string[]> {
    const clips = (await this.of(_id)).filter((clip) => clip.deletedAt === null);
    for (const clip of clips) await this.#rows.updateOne({ _id: clip._id, deletedAt: null }, { $set: { deletedAt, deletedBy }, $inc: { revision: 1 } });
    return clips.map((clip) => clip._id);
  }

  /** Restores the clips that were deleted with their video, at `deletedAt`. Resolves with their ids. */
  async restoreWith(videoId: string, deletedAt: string): Promise<string[]> {
    const clips = (await this.of(videoId)).filter((clip) => clip.deletedAt === deletedAt);
    for (const clip of clips) await this.#rows.updateOne({ _id: clip._id, deletedAt }, { $set: { deletedAt: null, deletedBy: null }, $inc: { revision: 1 } });
    return clips.map((clip) => clip._id);
  }

  /** Other renditions have their segments at other times: the clips of the video get whole ones of them. */
  async widen(videoId: string, points: readonly number[]): Promise<void> {
    for (const { _id, clipOf } of await this.of(videoId)) {
      const span = clipOf && widenToCutPoints(points, clipOf);
      if (span && (span.startMs !== clipOf.startMs || span.endMs !== clipOf.endMs)) await this.#rows.updateOne({ _id }, { $set: { clipOf: { videoId, ...span } } });
    }
  }
}

/** @throws CodedError `clip.noFiles` for a clip: it has no files that could be changed */
export function requireFiles({ clipOf }: Pick<VideoRow, 'clipOf'>): void {
  if (clipOf !== null) throw new CodedError('clip.noFiles', 'A clip has no files of its own. Change the video that it is a part of.');
}
