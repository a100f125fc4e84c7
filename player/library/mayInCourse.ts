import type { Course } from '#api/contract';
import { isPossibleIn, may, mayAdministrate } from '#engine/contract';
import type { CourseAction } from '#engine/contract';
import { account } from '../app/services.ts';

/** The person's role in the course, or that of an administrator, and the state of the course allow it. */
export function mayInCourse({ role, state }: Pick<Course, 'role' | 'state'>, action: CourseAction): boolean {
  const isAllowed = may(role ?? undefined, action) || (mayAdministrate(action) && (account.value?.roles.includes('admin') ?? false));
  return isAllowed && isPossibleIn(state, action);
}
