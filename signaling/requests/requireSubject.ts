import { CodedError, may } from '#engine/contract';
import type { UserId } from '#engine/contract';
import type { HandlerContext } from './handler.ts';

/** Moderators act on people of this course, and not on who owns it, in the room or away. */
export async function requireSubject({ connection, courseRoles }: HandlerContext, userId: UserId): Promise<void> {
  const { lecture, participant } = connection.member;
  if (!may(participant.role, 'chat.moderate')) throw new CodedError('access.denied', 'Only those who run this lecture can do that.');
  const role = await courseRoles.roleOf(userId, lecture.view.courseId);
  if (role === 'owner') throw new CodedError('access.denied', 'Those who own the course cannot be muted or removed.');
  if (role === undefined && lecture.roster.ofUser(userId).length === 0) throw new CodedError('participant.notFound', 'That person is not in this course.');
}
