import type { CollectionDefinition } from '#engine/kernel';
import type { RenditionSummary, Span, StorageClass, VideoFailure, VideoSource, VideoState, VideoVisibility, VideoWork } from '../contract/index.ts';

/** An object in the store. `sha256` is lower-case hex of the whole object. */
export interface StoredFile {
  key: string;
  bytes: number;
  sha256: string;
}

/** The uploaded file of a video. `fileName` is what the uploader called it, `contentType` what it contains. */
export interface SourceFile extends StoredFile {
  fileName: string;
  contentType: string;
}

/** Small images of the whole video, many in one sprite, and the WebVTT file that says where each of them is. */
export interface Storyboard {
  /** `storyboard-<n>.jpg` by n. */
  sprites: StoredFile[];
  index: StoredFile;
}

/** A part of a video that nobody is served any more. Instants are ISO 8601. */
export interface Cut extends Span {
  /** `cut_…` */
  id: string;
  cutAt: string;
  /** Null when the account was erased. */
  cutBy: string | null;
  /** When its bytes were removed from the store; null while it can be undone. */
  purgedAt: string | null;
}

/** The heading of what begins at a moment, in source time. */
export interface ChapterMark {
  startMs: number;
  title: string;
}

/** Captions of a video in one language. Their text is a document of its own. */
export interface CaptionTrack {
  /** `cap_…` */
  id: string;
  /** BCP 47. */
  language: string;
  /** What viewers choose. */
  label: string;
  cueCount: number;
  /** Of its text; raised by every change. */
  revision: number;
}

/** A video: the asset that is watched, shared and deleted. Instants are ISO 8601. */
export interface VideoRow {
  _id: string;
  courseId: string;
  /** Null for uploads and clips. */
  lectureId: string | null;
  recordingId: string | null;
  source: VideoSource;
  /** The part of another video that it is, in source time of that; null for a video with media of its own. */
  clipOf: ({ videoId: string } & Span) | null;
  /** The person who uploaded it, or made the clip. */
  createdBy: string | null;
  title: string;
  /** Markdown. */
  description: string;
  tags: string[];
  categoryId: string | null;
  /** The order in its course, the lowest first; null: by date, after those with a position. */
  position: number | null;
  state: VideoState;
  failure: VideoFailure | null;
  work: VideoWork | null;
  durationSeconds: number;
  hasScreen: boolean;
  /** Counts the times that its renditions were made; 0 while there are none. */
  generation: number;
  renditions: RenditionSummary[];
  /** Of `generation`. A recording without one is played from its own segments. */
  manifest: StoredFile | null;
  /** The manifest before it, whose files are kept for those who are watching them. */
  replaced: StoredFile | null;
  sourceFile: SourceFile | null;
  posterKey: string | null;
  posterBytes: number | null;
  posterSha256: string | null;
  storyboard: Storyboard | null;
  waveform: StoredFile | null;
  /** In order, without overlaps. `durationSeconds` includes them. */
  cuts: Cut[];
  /** In order. */
  chapters: ChapterMark[];
  captions: CaptionTrack[];
  visibility: VideoVisibility;
  /** Before it, only those who manage videos see it. */
  visibleFrom: string | null;
  isDownloadable: boolean;
  /** Of all its objects. */
  bytes: number;
  storageClass: StorageClass;
  /** Set while it is brought back from the archive. */
  restoring: { requestedAt: string } | null;
  lastWatchedAt: string | null;
  deletedAt: string | null;
  deletedBy: string | null;
  /** When the retention of its course or site removes it. */
  retainUntil: string | null;
  /** The retention does not remove it: somebody who edits the course wants it kept. */
  isKept: boolean;
  /** Raised by every edit. */
  revision: number;
  /** When its recording began, or its upload was complete. */
  createdAt: string;
  /** When it was edited last. */
  updatedAt: string;
}

/** A row as it is stored: those of older versions lack fields, and those of uploads have no `recordingId`, which is unique. */
export type StoredVideoRow = { _id: string } & Pick<VideoRow, 'courseId' | 'title' | 'state' | 'createdAt'> & Partial<VideoRow>;

export const videoCollection: CollectionDefinition<StoredVideoRow> = {
  name: 'videos',
  indexes: [
    { keys: { recordingId: 1 }, unique: true, sparse: true },
    { keys: { lectureId: 1, createdAt: -1 } },
    { keys: { courseId: 1, createdAt: -1, _id: -1 } },
    { keys: { courseId: 1, title: 1, _id: 1 } },
    { keys: { courseId: 1, durationSeconds: -1, _id: -1 } },
    { keys: { courseId: 1, bytes: -1, _id: -1 } },
    { keys: { state: 1, posterKey: 1, createdAt: -1 } },
    { keys: { createdBy: 1 }, sparse: true },
    { keys: { 'clipOf.videoId': 1, createdAt: -1, _id: -1 }, sparse: true },
    { keys: { deletedAt: 1 } },
    { keys: { courseId: 1, deletedAt: -1 } },
    { keys: { storageClass: 1, lastWatchedAt: 1, createdAt: 1 } },
    { keys: { 'restoring.requestedAt': 1 }, sparse: true },
  ],
};

export function withDefaults(row: StoredVideoRow): VideoRow {
  return { ...defaults, updatedAt: row.createdAt, ...row };
}

const defaults = {
  lectureId: null,
  recordingId: null,
  source: 'recording',
  clipOf: null,
  createdBy: null,
  description: '',
  tags: [],
  categoryId: null,
  position: null,
  failure: null,
  work: null,
  durationSeconds: 0,
  hasScreen: false,
  generation: 0,
  renditions: [],
  manifest: null,
  replaced: null,
  sourceFile: null,
  posterKey: null,
  posterBytes: null,
  posterSha256: null,
  storyboard: null,
  waveform: null,
  cuts: [],
  chapters: [],
  captions: [],
  visibility: 'course',
  visibleFrom: null,
  isDownloadable: false,
  bytes: 0,
  storageClass: 'standard',
  restoring: null,
  lastWatchedAt: null,
  deletedAt: null,
  deletedBy: null,
  retainUntil: null,
  isKept: false,
  revision: 1,
} satisfies Omit<VideoRow, '_id' | 'courseId' | 'title' | 'state' | 'createdAt' | 'updatedAt'>;
