import type { CourseCondition } from './course.ts';
import type { CourseRole } from './lecture.ts';

/** The actions that each course role allows. An action that is not listed is denied. */
const actionsByRole = {
  student: ['lecture.list', 'lecture.watch', 'chat.post', 'hand.raise'],
  assistant: [
    'lecture.list', 'lecture.watch', 'chat.post', 'hand.raise',
    'lecture.present', 'lecture.start', 'lecture.end', 'lecture.schedule',
    'chat.moderate', 'hand.lowerOthers', 'participant.remove', 'ingest.inspect', 'enrolment.list', 'announcement.post', 'progress.list',
  ],
  owner: [
    'lecture.list', 'lecture.watch', 'chat.post', 'hand.raise',
    'lecture.present', 'lecture.start', 'lecture.end', 'lecture.schedule',
    'chat.moderate', 'hand.lowerOthers', 'participant.remove', 'ingest.inspect', 'enrolment.list', 'announcement.post', 'progress.list',
    'course.edit', 'course.archive', 'course.duplicate', 'course.delete', 'course.restore', 'streamKey.manage', 'enrolment.remove', 'video.delete',
  ],
} as const satisfies Record<CourseRole, readonly string[]>;

export type CourseAction = (typeof actionsByRole)[CourseRole][number];

/** What administrators of the site may do in every course, whatever their role in it. */
const adminActions: ReadonlySet<CourseAction> = new Set<CourseAction>(['lecture.list', 'lecture.end', 'course.delete', 'course.restore']);

/** What an archived course still allows: to replay, to look after people and recordings, and to leave the archive. */
const archivedActions: ReadonlySet<CourseAction> = new Set<CourseAction>([
  'lecture.list', 'lecture.watch', 'lecture.end', 'participant.remove', 'enrolment.list', 'enrolment.remove', 'progress.list', 'video.delete',
  'course.archive', 'course.duplicate', 'course.delete', 'course.restore',
]);

/** The condition of a course allows the action to somebody, by their role. */
export function isPossibleIn(condition: CourseCondition, action: CourseAction): boolean {
  if (condition === 'deleted') return action === 'course.restore';
  return condition !== 'archived' || archivedActions.has(action);
}

export function may(role: CourseRole | undefined, action: CourseAction): boolean {
  return role !== undefined && (actionsByRole[role] as readonly string[]).includes(action);
}

export function mayAdministrate(action: CourseAction): boolean {
  return adminActions.has(action);
}
