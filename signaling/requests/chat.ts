import { requireSubject } from './requireSubject.ts';
import type { Handlers } from './handler.ts';

type ChatRequests = 'chat.post' | 'chat.delete' | 'chat.setMuted' | 'chat.setSlowMode';

export const chatHandlers: Handlers<ChatRequests> = {
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
};
