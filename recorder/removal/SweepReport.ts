/** An object that belongs to nothing. */
export interface OrphanedObject {
  key: string;
  bytes: number;
  modifiedAtMs: number;
}

/** A video some of whose objects are not in the store. */
export interface IncompleteVideo {
  videoId: string;
  courseId: string;
  title: string;
  /** How many are missing. */
  objects: number;
  /** One of them. */
  key: string;
}

export interface SweepReport {
  isDryRun: boolean;
  /** ISO 8601 */
  startedAt: string;
  finishedAt: string;
  /** All that was looked at. */
  objects: number;
  bytes: number;
  orphans: { objects: number; bytes: number; deleted: number; examples: OrphanedObject[] };
  missing: { videos: number; objects: number; examples: IncompleteVideo[] };
  /** Recordings, uploads and videos that are being written or made: they are not judged. */
  inProgress: number;
}
