import { CodedError } from '#engine/contract';
import { handRaiseIntervalMs } from '../contract/index.ts';
import type { Handlers } from './handler.ts';
import { requireSubject } from './requireSubject.ts';

type PeopleRequests = 'hand.raise' | 'hand.lower' | 'hand.lowerAll' | 'participant.remove';

export const peopleHandlers: Handlers<PeopleRequests> = {
  'hand.raise': async ({ connection, budget }) => {
    if (!(await budget().takeHand())) throw new CodedError('request.tooFrequent', 'You raised your hand too often. Wait a moment and try again.', { details: { retryAfterMs: handRaiseIntervalMs } });
    const { lecture, participant } = connection.member;
    lecture.hands.set(participant.id, true, participant);
    return {};
  },

  'hand.lower': ({ connection }, { participantId }) => {
    const { lecture, participant } = connection.member;
    lecture.hands.set(participantId ?? participant.id, false, participant);
    return {};
  },

  'hand.lowerAll': ({ connection }) => {
    const { lecture, participant } = connection.member;
    lecture.hands.lowerAll(participant);
    return {};
  },

  'participant.remove': async (context, { userId }) => {
    await requireSubject(context, userId);
    const { lecture, participant } = context.connection.member;
    await lecture.removals.remove(participant, userId);
    return {};
  },
};
