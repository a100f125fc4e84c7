import { CodedError } from '#engine/contract';
import { fromInstant, toInstant } from '#engine/kernel';
import { courseTrashMs } from '../limits.ts';
import type { CourseRow } from './courseRow.ts';

/** When a deleted course is removed for good. */
export function restorableUntil(deletedAt: string): string {
  return toInstant(fromInstant(deletedAt) + courseTrashMs);
}

/** @throws CodedError `course.notFound` for a course that has been in the trash for too long */
export function requireRestorable({ deletedAt }: Pick<CourseRow, 'deletedAt'>, nowMs: number): void {
  if (deletedAt === null || fromInstant(restorableUntil(deletedAt)) > nowMs) return;
  throw new CodedError('course.notFound', 'This course was deleted too long ago to be restored.');
}
