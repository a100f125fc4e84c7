import { CodedError } from '#engine/contract';
import { DuplicateKeyError, newId } from '#engine/kernel';
import type { Collection, Database, Filter, Update } from '#engine/kernel';
import type { RenditionSummary, VideoFailure, VideoState, VideoWork } from '../contract/index.ts';
import type { MediaLocation, PosterLocator } from '../delivery/RecordingLibrary.ts';
import { videoPageSize } from '../limits.ts';
import { ClipStore } from '../clips/ClipStore.ts';
import { widenToCutPoints } from '../edits/widenToCutPoints.ts';
import { videoCollection, withDefaults } from './VideoRow.ts';
import type { Cut, SourceFile, StoredFile, StoredVideoRow, VideoRow } from './VideoRow.ts';

/** The state of a recording, as far as its video shows it. */
export interface RecordingSummary {
  recordingId: string;
  lectureId: string;
  courseId: string;
  title: string;
  /** ISO 8601 */
  startedAt: string;
  isFinished: boolean;
  durationSeconds: number;
  hasScreen: boolean;
}

export interface NewUpload {
  videoId: string;
  courseId: string;
  createdBy: string;
  title: string;
  sourceFile: SourceFile;
  /** ISO 8601: when the upload was complete. */
  createdAt: string;
}

/** Renditions that have been made, as the manifest of this generation lists them. */
export interface MadeRenditions {
  generation: number;
  manifest: StoredFile;
  /** The manifest that it replaces, whose files are kept for a while. Default: none is. */
  replaced?: StoredFile | null;
  renditions: RenditionSummary[];
  durationSeconds: number;
  hasScreen: boolean;
  /** Of all objects of the video. */
  bytes: number;
  /** Where the segments of the main video begin and end, ms. Cuts are widened to them. */
  cutPoints?: readonly number[];
}

export type StoredPoster = StoredFile;

export interface VideoPage {
  /** Newest first. */
  videos: VideoRow[];
  /** The `after` of the next page; null on the last page. */
  next: string | null;
}

/** The videos: one for each recording, from its start on, and one for each upload. Owns the collection `videos`. */
export class VideoStore implements PosterLocator {
  readonly #rows: Collection<StoredVideoRow>;
  readonly #clips: ClipStore;

  constructor(database: Database) {
    this.#rows = database.collection(videoCollection);
    this.#clips = new ClipStore(database);
  }

  /**
   * Updates the video of a recording, or creates it; a title is kept until `rename`. The video of a finished recording is `ready`, or `failed` when the
   * recording is empty. Calls for one recording must not overlap.
   */
  async sync(recording: RecordingSummary): Promise<VideoRow> {
    const { isFinished, startedAt, title, ...shown } = recording;
    const state: VideoState = !isFinished ? 'live' : shown.durationSeconds > 0 ? 'ready' : 'failed';
    const known = await this.ofRecording(recording.recordingId);
    if (known) {
      await this.#change({ _id: known._id }, { $set: { state, ...shown } });
      return { ...known, state, ...shown };
    }
    const row = withDefaults({ _id: newId('vid'), ...shown, source: 'recording', title, state, createdAt: startedAt });
    await this.#rows.insertOne(row);
    return row;
  }

  /** Gives the videos of a lecture its new title. */
  async rename(lectureId: string, title: string): Promise<void> {
    await this.#rows.updateMany({ lectureId }, { $set: { title } });
  }

  /** The recordings of live videos. */
  async liveRecordings(): Promise<string[]> {
    return (await this.#find({ state: 'live' })).flatMap(({ recordingId }) => recordingId ?? []);
  }

  /** Adds the video of an uploaded file. Adding it again changes nothing. */
  async createUpload({ videoId, ...upload }: NewUpload): Promise<VideoRow> {
    const { recordingId: _none, ...row } = withDefaults({ _id: videoId, ...upload, source: 'upload', state: 'processing', work: { stage: 'waiting', share: 0 }, bytes: upload.sourceFile.bytes });
    try {
      await this.#rows.insertOne(row);
    } catch (err) {
      if (!(err instanceof DuplicateKeyError)) throw err;
    }
    return this.get(videoId);
  }

  /**
   * Gives an uploaded video another file. It is watched as it was until renditions of the new file are made. Resolves with the key of the
   * file that is not needed any more, null if it has this file already; undefined if there is no such video, or it is deleted.
   */
  async replaceSource(videoId: string, sourceFile: SourceFile): Promise<{ before: string | null } | undefined> {
    const row = await this.#rows.findOne({ _id: videoId, source: 'upload', deletedAt: null });
    if (!row) return undefined;
    const { sourceFile: before, state } = withDefaults(row);
    if (before?.key === sourceFile.key) return { before: null };
    const change = { sourceFile, failure: null, work: { stage: 'waiting', share: 0 }, state: state === 'failed' ? 'processing' : state } as const;
    const isReplaced = await this.#changeKept({ _id: videoId }, { $set: change, $inc: { bytes: sourceFile.bytes - (before?.bytes ?? 0) } });
    return isReplaced ? { before: before?.key ?? null } : undefined;
  }

  /** Shows what is being made of the video; null when nothing is. False if the video is deleted. */
  setWork(videoId: string, work: VideoWork | null): Promise<boolean> {
    return this.#changeKept({ _id: videoId }, { $set: { work } });
  }

  /**
   * Makes the video play these renditions from now on. The files of the renditions before them may be deleted after that. False if the
   * video is deleted, or has renditions of a later generation.
   */
  async switchManifest(videoId: string, { generation, cutPoints = [], ...made }: MadeRenditions): Promise<boolean> {
    const isLater: Filter<StoredVideoRow> = { $or: [{ _id: videoId, generation: null }, { _id: videoId, generation: { $lte: generation } }] };
    for (;;) {
      const row = await this.find(videoId);
      if (!row) return false;
      const cuts = widenedCuts(row.cuts, cutPoints);
      const isUncut: Filter<StoredVideoRow> = row.revision === 1 ? {} : { revision: row.revision };
      const change = { ...made, generation, state: 'ready', failure: null, ...(row.cuts.length > 0 && { cuts }) } as const;
      if (await this.#changeKept({ _id: videoId, ...isLater, ...isUncut }, { $set: change })) {
        if (cutPoints.length > 0) await this.#clips.widen(videoId, cutPoints);
        return true;
      }
      // Somebody cut it meanwhile, or it has later renditions.
      const now = await this.find(videoId);
      if (now?.revision === row.revision || now?.deletedAt !== null) return false;
    }
  }

  /** The files of the manifest before are being removed. */
  async forgetReplaced(videoId: string): Promise<void> {
    await this.#change({ _id: videoId }, { $set: { replaced: null } });
  }

  /** Adds the images of a video. False if it is deleted. */
  setImages(videoId: string, images: Partial<Pick<VideoRow, 'storyboard' | 'waveform'>> & { poster?: StoredPoster }): Promise<boolean> {
    const { poster, ...others } = images;
    return this.#changeKept({ _id: videoId }, { $set: { ...others, ...(poster && posterFields(poster)) } });
  }

  /** Its file cannot be made into what was wanted. A video that can be played stays so, with the failure beside it. False if it is deleted. */
  async fail(videoId: string, failure: VideoFailure): Promise<boolean> {
    const isKept = await this.#changeKept({ _id: videoId }, { $set: { failure, work: null } });
    await this.#changeKept({ _id: videoId, state: 'processing' }, { $set: { state: 'failed' } });
    return isKept;
  }

  /** Changes who may watch or download it. @throws CodedError `video.notFound` */
  async setSharing(videoId: string, change: Partial<Pick<VideoRow, 'visibility' | 'visibleFrom' | 'isDownloadable'>>, updatedAt: string): Promise<VideoRow> {
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const row = await this.#rows.findOneAndUpdate({ _id: videoId, deletedAt: null }, { $set: { ...given, updatedAt }, $inc: { revision: 1 } }, { returnDocument: 'after' });
    if (!row) throw new CodedError('video.notFound', 'There is no such video.', { details: { videoId } });
    return withDefaults(row);
  }

  /** Ready videos of recordings without a poster, the newest first. */
  async withoutPoster(limit: number): Promise<VideoRow[]> {
    return this.#find({ state: 'ready', posterKey: null, recordingId: { $exists: true } }, { sort: { createdAt: -1 }, limit });
  }

  /** Removes the poster from the video, before another one replaces it in the store. */
  async detachPoster(recordingId: string): Promise<void> {
    await this.#change({ recordingId }, { $set: { posterKey: null, posterBytes: null, posterSha256: null } });
  }

  /** Restores the poster of an earlier row, because it was not replaced. */
  async restorePoster({ _id, posterKey, posterBytes, posterSha256 }: VideoRow): Promise<void> {
    await this.#change({ _id }, { $set: { posterKey, posterBytes, posterSha256 } });
  }

  async attachPoster(recordingId: string, poster: StoredPoster): Promise<void> {
    await this.#change({ recordingId }, { $set: posterFields(poster) });
  }

  async locatePoster(videoId: string): Promise<MediaLocation | undefined> {
    const row = await this.find(videoId);
    if (!row || row.posterKey === null || row.posterBytes === null || row.posterSha256 === null) return undefined;
    return { kind: 'stored', key: row.posterKey, bytes: row.posterBytes, sha256: row.posterSha256 };
  }

  /** Also a deleted one. @throws CodedError `video.notFound` */
  async get(videoId: string): Promise<VideoRow> {
    const row = await this.find(videoId);
    if (!row) throw new CodedError('video.notFound', 'There is no such video.', { details: { videoId } });
    return row;
  }

  async find(videoId: string): Promise<VideoRow | undefined> {
    const row = await this.#rows.findOne({ _id: videoId });
    return row ? withDefaults(row) : undefined;
  }

  async ofRecording(recordingId: string): Promise<VideoRow | undefined> {
    const row = await this.#rows.findOne({ recordingId });
    return row ? withDefaults(row) : undefined;
  }

  /** The newest video of each lecture, without deleted ones. */
  async ofLectures(lectureIds: readonly string[]): Promise<VideoRow[]> {
    const rows = await this.#find({ lectureId: { $in: lectureIds }, deletedAt: null }, { sort: { createdAt: 1 } });
    return [...new Map(rows.map((row) => [row.lectureId, row])).values()];
  }

  /** Those that exist, also deleted ones, in no particular order. */
  async getMany(videoIds: readonly string[]): Promise<VideoRow[]> {
    return this.#find({ _id: { $in: videoIds } });
  }

  /** Those of a course, without clips and deleted ones. */
  async ofCourse(courseId: string, page: { after?: string; limit?: number } = {}): Promise<VideoPage> {
    const limit = page.limit ?? videoPageSize;
    const [createdAt, id] = (page.after ?? '').split('~');
    const older: Filter<StoredVideoRow> = createdAt && id ? { $or: [{ createdAt: { $lt: createdAt } }, { createdAt, _id: { $lt: id } }] } : {};
    const found = await this.#find({ courseId, deletedAt: null, source: { $ne: 'clip' }, ...older }, { sort: { createdAt: -1, _id: -1 }, limit: limit + 1 });
    const videos = found.slice(0, limit);
    const last = videos.at(-1);
    return { videos, next: last && found.length > limit ? `${last.createdAt}~${last._id}` : null };
  }

  async #find(filter: Filter<StoredVideoRow>, options: Parameters<Collection<StoredVideoRow>['find']>[1] = {}): Promise<VideoRow[]> {
    return (await this.#rows.find(filter, options)).map(withDefaults);
  }

  async #change(filter: Filter<StoredVideoRow>, update: Update<StoredVideoRow>): Promise<boolean> {
    return (await this.#rows.updateOne(filter, update)).matchedCount > 0;
  }

  /** A deleted video does not change any more. */
  #changeKept(filter: Filter<StoredVideoRow>, update: Update<StoredVideoRow>): Promise<boolean> {
    return this.#change({ ...filter, deletedAt: null }, update);
  }
}

/** Cuts between the segments of other renditions, so that nothing of them is served. Those that then touch become one. */
function widenedCuts(cuts: readonly Cut[], points: readonly number[]): Cut[] {
  const widened = cuts.map((cut) => ({ ...cut, ...widenToCutPoints(points, cut) }));
  return widened.reduce<Cut[]>((joined, cut) => {
    const last = joined.at(-1);
    if (last && cut.startMs < last.endMs) last.endMs = Math.max(last.endMs, cut.endMs);
    else joined.push(cut);
    return joined;
  }, []);
}

function posterFields({ key, bytes, sha256 }: StoredPoster): Pick<VideoRow, 'posterKey' | 'posterBytes' | 'posterSha256'> {
  return { posterKey: key, posterBytes: bytes, posterSha256: sha256 };
}
