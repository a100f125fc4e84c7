import { CodedError, may } from '#engine/contract';
import type { UserId } from '#engine/contract';
import type { HandlerContext, Handlers } from './handler.ts';

type PeopleRequests =
  | 'chat.post'
  | 'chat.delete'
  | 'chat.setMuted'
  | 'chat.setSlowMode'
  | 'hand.raise'
  | 'hand.lower'
  | 'participant.remove';

export const peopleHandlers: Handlers<PeopleRequests> = {
  'chat.post': async ({ connection }, { text }) => {
    const { lecture, participant } = connection.member;
    return { message: await lecture.chat.post(participant, text) };
  },

  'chat.delete': async ({ connection }, { messageId }) => {
    const { lecture, participant } = connection.member;
    await lecture.chat.delete(participant, messageId);
    return {};
  },

  'chat.setMuted': async (context, { userId, isMuted }) => {
    await requireSubject(context, userId);
    const { lecture, participant } = context.connection.member;
    await lecture.chat.setMuted(participant, userId, isMuted);
    return {};
  },

  'chat.setSlowMode': async ({ connection }, { intervalMs }) => {
    const { lecture, participant } = connection.member;
    await lecture.chat.setSlowMode(participant, intervalMs);
    return {};
  },

  'hand.raise': ({ connection, handBudget }) => {
    if (!handBudget.take()) throw new CodedError('request.tooFrequent', 'You raised your hand too often. Wait a moment and try again.', { details: { retryAfterMs: 2000 } });
    const { lecture, participant } = connection.member;
    lecture.setHandRaised(participant.id, true, participant);
    return {};
  },

  'hand.lower': ({ connection }, { participantId }) => {
    const { lecture, participant } = connection.member;
    lecture.setHandRaised(participantId ?? participant.id, false, participant);
    return {};
  },

  'participant.remove': async (context, { userId }) => {
    await requireSubject(context, userId);
    const { lecture, participant } = context.connection.member;
    await lecture.removeUser(participant, userId);
    return {};
  },
};

/** Moderators act on people of this course, and not on who owns it, in the room or away. */
async function requireSubject({ connection, courseRoles }: HandlerContext, userId: UserId): Promise<void> {
  const { lecture, participant } = connection.member;
  if (!may(participant.role, 'chat.moderate')) throw new CodedError('access.denied', 'You cannot mute or remove people: only instructors and assistants can. Ask one of them.');
  const role = await courseRoles.roleOf(userId, lecture.view.courseId);
  if (role === 'owner') throw new CodedError('access.denied', 'The owner of the course cannot be muted or removed.');
  if (role === undefined && lecture.roster.ofUser(userId).length === 0) throw new CodedError('participant.notFound', 'This person is no longer in this course.');
}
