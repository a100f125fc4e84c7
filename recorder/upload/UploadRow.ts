import type { ErrorCode } from '#engine/contract';

/**
 * `receiving`: bytes are missing. `arrived`: complete, and being checked. `stored`: the source file of its video. `refused`: its
 * bytes are deleted.
 */
export type UploadState = 'receiving' | 'arrived' | 'stored' | 'refused';

/** A file on its way to become the source of a video. Instants are ISO 8601. */
export interface UploadRow {
  _id: string;
  userId: string;
  /** The login that sent the last request. */
  loginId: string;
  courseId: string;
  /** The video that it becomes; with `replaces`, one that exists. */
  videoId: string;
  replaces: boolean;
  title: string;
  /** A label: no path. */
  fileName: string;
  /** The size of the file. */
  bytes: number;
  /** Bytes that have arrived, as noted last. The store knows it exactly. */
  offset: number;
  state: UploadState;
  /** By its content; null until it has arrived. */
  contentType: string | null;
  /** Lower-case hex; null until it is known. */
  sha256: string | null;
  /** Why it was refused, or what delays its check. */
  problem: { code: ErrorCode; message: string } | null;
  createdAt: string;
  updatedAt: string;
  /** When it is removed. A stored upload stays as long as its video. */
  expiresAt: string;
}

/** The source file of the video, when the upload has arrived. */
export function sourceKeyOf({ _id, videoId }: Pick<UploadRow, '_id' | 'videoId'>): string {
  return `videos/${videoId}/source/${_id}`;
}

/** Where the folder store collects the bytes; with S3, what belongs to the multipart upload begins with it. */
export function incomingKeyOf({ _id }: Pick<UploadRow, '_id'>): string {
  return `uploads/${_id}`;
}
