import { requireSubject as requireModerated } from '#engine';
import { CodedError } from '#engine/contract';
import type { UserId } from '#engine/contract';
import type { HandlerContext } from './handler.ts';

/** Moderators can mute and remove members of the course, in the room or not, except its owners. @throws CodedError `access.denied`, `participant.notFound` */
export async function requireSubject({ connection, courseRoles }: HandlerContext, userId: UserId): Promise<void> {
  const { lecture } = connection.member;
  const role = await courseRoles.roleOf(userId, lecture.view.courseId);
  requireModerated(role);
  if (role === undefined && lecture.roster.ofUser(userId).length === 0) throw new CodedError('participant.notFound', 'This person is no longer in this course.');
}
