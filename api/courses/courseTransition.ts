import { CodedError } from '#engine/contract';
import type { CourseState } from '#engine/contract';

export type CourseStep = 'publish' | 'unpublish' | 'archive' | 'unarchive';

const target = { publish: 'published', unpublish: 'draft', archive: 'archived', unarchive: 'published' } as const satisfies Record<CourseStep, CourseState>;
const sources: Record<CourseStep, CourseState> = { publish: 'draft', unpublish: 'published', archive: 'published', unarchive: 'archived' };

/**
 * The state after a step. A course that is there already stays, so that a step can be repeated.
 * @throws CodedError `course.archived`, `course.notPublished`
 */
export function courseAfter(state: CourseState, step: CourseStep): CourseState {
  if (state === target[step] || state === sources[step]) return target[step];
  if (state === 'archived') throw new CodedError('course.archived', 'This course is archived. Take it out of the archive first.');
  throw new CodedError('course.notPublished', 'This course is a draft. Only a published course can be archived: publish it, or delete it.');
}

/** People enrol by themselves in published courses only. @throws CodedError `course.notPublished`, `course.archived` */
export function requirePublished({ state }: { state: CourseState }): void {
  if (state === 'draft') throw new CodedError('course.notPublished', 'You cannot join this course yet: it is not published.');
  if (state === 'archived') throw new CodedError('course.archived', 'You cannot join this course any more: it is archived.');
}
