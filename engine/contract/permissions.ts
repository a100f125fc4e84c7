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
    'course.edit', 'course.delete', 'streamKey.manage', 'enrolment.remove', 'video.delete',
  ],
} as const satisfies Record<CourseRole, readonly string[]>;

export type CourseAction = (typeof actionsByRole)[CourseRole][number];

/** What administrators of the site may do in every course, whatever their role in it. */
const adminActions: ReadonlySet<CourseAction> = new Set<CourseAction>(['lecture.list', 'lecture.end', 'course.delete']);

export function may(role: CourseRole | undefined, action: CourseAction): boolean {
  return role !== undefined && (actionsByRole[role] as readonly string[]).includes(action);
}

export function mayAdministrate(action: CourseAction): boolean {
  return adminActions.has(action);
}
