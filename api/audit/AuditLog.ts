import type { CourseId } from '#engine/contract';
import type { AuditAction, AuditChanges, AuditTargetKind } from '../contract/index.ts';

/** Something that a person did to others. */
export interface AuditRecord {
  actorId: string;
  action: AuditAction;
  target: { kind: AuditTargetKind; id: string };
  /** The course in which it was done. */
  courseId: CourseId | null;
  requestId: string;
  /** See `addressGroup`: not the address of one device. */
  addressGroup: string;
  /** Neither secrets nor people: erasure cannot find them here. */
  changes: AuditChanges;
}

/** Keeps what administrators, owners and assistants did to others. Nothing changes or removes an entry, but its age. */
export interface AuditLog {
  /** Resolves when the entry is stored, or will be as soon as the database accepts it. Never rejects: the action has been done. */
  record(record: AuditRecord): Promise<void>;
}
