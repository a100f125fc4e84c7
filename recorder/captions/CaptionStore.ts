import { CodedError } from '#engine/contract';
import { newId, toInstant } from '#engine/kernel';
import type { Clock, Collection, Database } from '#engine/kernel';
import { maxCaptionTracks, sortCues } from '../contract/index.ts';
import type { Cue } from '../contract/index.ts';
import { videoCollection, withDefaults } from '../library/VideoRow.ts';
import type { CaptionTrack, StoredVideoRow, VideoRow } from '../library/VideoRow.ts';

/** Captions of a video in one language. Instants are ISO 8601. */
export interface CaptionRow {
  /** `cap_…` */
  _id: string;
  videoId: string;
  /** BCP 47. */
  language: string;
  /** What viewers choose. Unique in its video. */
  label: string;
  /** In order, in source time. They may overlap. */
  cues: Cue[];
  /** Raised by every change. */
  revision: number;
  createdAt: string;
  updatedAt: string;
}

export type CaptionChange = Partial<Pick<CaptionRow, 'language' | 'label' | 'cues'>>;

/** How often a change of a row is tried that others change, too. Each try loses to a change that was made. */
const maxRowTries = 20;

/**
 * The captions of videos. Owns the collection `captions`, and `captions` in the rows of videos: what they have, without the text. The row of
 * the video is changed after the text, and gets a new revision by every change.
 */
export class CaptionStore {
  readonly #captions: Collection<CaptionRow>;
  readonly #videos: Collection<StoredVideoRow>;
  readonly #clock: Clock;

  constructor({ database, clock }: { database: Database; clock: Clock }) {
    this.#captions = database.collection<CaptionRow>({ name: 'captions', indexes: [{ keys: { videoId: 1 } }] });
    this.#videos = database.collection(videoCollection);
    this.#clock = clock;
  }

  /** @throws CodedError `video.notFound`, `captions.labelTaken`, `limit.reached` */
  async add(videoId: string, { language, label, cues }: Pick<CaptionRow, 'language' | 'label' | 'cues'>): Promise<CaptionRow> {
    const now = this.#now();
    const row: CaptionRow = { _id: newId('cap'), videoId, language, label, cues: sortCues(cues), revision: 1, createdAt: now, updatedAt: now };
    requireFree(await this.#video(videoId), row);
    await this.#captions.insertOne(row);
    try {
      await this.#changeVideo(videoId, (video) => [...requireFree(video, row).captions, trackOf(row)]);
    } catch (error) {
      await this.#captions.deleteOne({ _id: row._id });
      throw error;
    }
    return row;
  }

  /** @throws CodedError `captions.notFound` */
  async get(videoId: string, captionId: string): Promise<CaptionRow> {
    const row = await this.find(videoId, captionId);
    if (!row) throw notFound();
    return row;
  }

  async find(videoId: string, captionId: string): Promise<CaptionRow | undefined> {
    const row = await this.#captions.findOne({ _id: captionId });
    return row?.videoId === videoId ? row : undefined;
  }

  /** All captions of a video, with their text. */
  async ofVideo(videoId: string): Promise<CaptionRow[]> {
    return this.#captions.find({ videoId });
  }

  /** @throws CodedError `captions.notFound`, `captions.labelTaken`, `video.notFound` */
  async update(videoId: string, captionId: string, { cues, ...named }: CaptionChange): Promise<CaptionRow> {
    const before = await this.get(videoId, captionId);
    requireFree(await this.#video(videoId), { _id: captionId, label: named.label ?? before.label });
    const change = { ...named, ...(cues && { cues: sortCues(cues) }), updatedAt: this.#now() };
    const row = await this.#captions.findOneAndUpdate({ _id: captionId }, { $set: change, $inc: { revision: 1 } }, { returnDocument: 'after' });
    if (!row) throw notFound();
    await this.#changeVideo(videoId, ({ captions }) => captions.map((track) => (track.id === captionId ? trackOf(row) : track)));
    return row;
  }

  /** Removes them for good. @throws CodedError `captions.notFound`, `video.notFound` */
  async remove(videoId: string, captionId: string): Promise<void> {
    await this.get(videoId, captionId);
    await this.#changeVideo(videoId, ({ captions }) => captions.filter(({ id }) => id !== captionId));
    await this.#captions.deleteOne({ _id: captionId });
  }

  /** Removes the captions of a video that is removed for good. */
  async removeVideo(videoId: string): Promise<void> {
    await this.#captions.deleteMany({ videoId });
  }

  /** Tried again while somebody else changes the row. */
  async #changeVideo(videoId: string, change: (video: VideoRow) => CaptionTrack[]): Promise<void> {
    for (let tries = 0; tries < maxRowTries; tries += 1) {
      const video = await this.#video(videoId);
      const stored = { _id: videoId, deletedAt: null, revision: video.revision };
      const filter = video.revision === 1 ? { $or: [stored, { ...stored, revision: null }] } : stored;
      const { matchedCount } = await this.#videos.updateOne(filter, { $set: { captions: change(video), revision: video.revision + 1, updatedAt: this.#now() } });
      if (matchedCount === 1) return;
    }
    throw new CodedError('database.unavailable', 'This video is being changed by others. Try again.');
  }

  /** @throws CodedError `video.notFound` */
  async #video(videoId: string): Promise<VideoRow> {
    const row = await this.#videos.findOne({ _id: videoId, deletedAt: null });
    if (!row) throw new CodedError('video.notFound', 'This video was deleted. Restore it first.', { details: { videoId } });
    return withDefaults(row);
  }

  #now(): string {
    return toInstant(this.#clock.nowMs());
  }
}

/** @throws CodedError `captions.labelTaken`, `limit.reached` */
function requireFree(video: VideoRow, { _id, label }: Pick<CaptionRow, '_id' | 'label'>): VideoRow {
  const others = video.captions.filter(({ id }) => id !== _id);
  if (others.some((track) => track.label.toLowerCase() === label.toLowerCase())) throw new CodedError('captions.labelTaken', `This video has captions called “${label}” already. Choose another name.`, { details: { field: 'label' } });
  if (others.length >= maxCaptionTracks) throw new CodedError('limit.reached', `A video has captions in at most ${maxCaptionTracks} languages. Delete one first.`);
  return video;
}

function trackOf({ _id, language, label, cues, revision }: CaptionRow): CaptionTrack {
  return { id: _id, language, label, cueCount: cues.length, revision };
}

function notFound(): CodedError {
  return new CodedError('captions.notFound', 'These captions were deleted. Reload the page.');
}
