import type { Course } from '#api/contract';
import { isPossibleIn, may } from '#engine/contract';
import type { CourseAction } from '#engine/contract';

/** The person's role in the course, and the state of the course, allow it. */
export function mayInCourse({ role, state }: Pick<Course, 'role' | 'state'>, action: CourseAction): boolean {
  return may(role ?? undefined, action) && isPossibleIn(state, action);
}
