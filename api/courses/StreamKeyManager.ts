import type { CourseId } from '#engine/contract';

/** The stream keys, as the API needs them of the ingest, which checks them. One per course. */
export interface StreamKeyManager {
  /** What OBS calls "Server", for someone who reaches this machine under that host name. */
  serverUrl(hostname: string): string;
  find(courseId: CourseId): Promise<{ hint: string; createdAt: string } | undefined>;
  /** A new key; the old one stops working, also for an encoder that is connected with it. */
  issue(courseId: CourseId): Promise<{ streamKey: string; createdAt: string }>;
  /** @throws CodedError `streamKey.notFound` */
  revoke(courseId: CourseId): Promise<void>;
}
