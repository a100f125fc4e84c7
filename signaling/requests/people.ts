import type { Handlers } from './handler.ts';

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

  'chat.setMuted': async ({ connection }, { userId, isMuted }) => {
    const { lecture, participant } = connection.member;
    await lecture.setChatMuted(participant, userId, isMuted);
    return {};
  },

  'chat.setSlowMode': async ({ connection }, { intervalMs }) => {
    const { lecture, participant } = connection.member;
    await lecture.chat.setSlowMode(participant, intervalMs);
    return {};
  },

  'hand.raise': ({ connection }) => {
    const { lecture, participant } = connection.member;
    lecture.setHandRaised(participant.id, true, participant);
    return {};
  },

  'hand.lower': ({ connection }, { participantId }) => {
    const { lecture, participant } = connection.member;
    lecture.setHandRaised(participantId ?? participant.id, false, participant);
    return {};
  },

  'participant.remove': async ({ connection }, { userId }) => {
    const { lecture, participant } = connection.member;
    await lecture.removeUser(participant, userId);
    return {};
  },
};
