import { CodedError, may } from '#engine/contract';
import type { UserId } from '#engine/contract';
import type { HandlerContext } from './handler.ts';

/** Moderators can mute and remove members of the course, in the room or not, except its owners. @throws CodedError `access.denied`, `participant.notFound` */
export async function requireSubject({ connection, courseRoles }: HandlerContext, userId: UserId): Promise<void> {
  const { lecture, participant } = connection.member;
  if (!may(participant.role, 'chat.moderate')) throw new CodedError('access.denied', 'You cannot mute or remove people: only instructors and assistants can. Ask one of them.');
  const role = await courseRoles.roleOf(userId, lecture.view.courseId);
  if (role === 'owner') throw new CodedError('access.denied', 'The owner of the course cannot be muted or removed.');
  if (role === undefined && lecture.roster.ofUser(userId).length === 0) throw new CodedError('participant.notFound', 'This person is no longer in this course.');
}
