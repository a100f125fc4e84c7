import type { CourseId } from '#engine/contract';

/** The stream keys, one per course. Implemented by `ingestStreamKeys`; ingest checks a key when an encoder connects. */
export interface StreamKeyManager {
  /** What OBS calls "Server", with the host name by which the client reaches this machine. */
  serverUrl(hostname: string): string;
  /** `unawaitedAt`: when an encoder connected last and found no lecture; null after one that was accepted. */
  find(courseId: CourseId): Promise<{ hint: string; createdAt: string; unawaitedAt: string | null } | undefined>;
  /** Issues a new key. The old one stops working, also for an encoder that is connected with it. */
  issue(courseId: CourseId): Promise<{ streamKey: string; createdAt: string }>;
  /** @throws CodedError `streamKey.notFound` */
  revoke(courseId: CourseId): Promise<void>;
  /** Idempotent. */
  revokeIfAny(courseId: CourseId): Promise<void>;
}
