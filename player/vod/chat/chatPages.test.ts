import { startSharedTestApi } from '#api/testing';
import { chatBurstWindowMs } from '#engine/contract';
import { describeChatPages } from './testing/chatPagesConformance.ts';
import type { ChatPages } from './testing/chatPagesConformance.ts';
import { FakeChatPages } from './testing/FakeChatPages.ts';

const site = await startSharedTestApi();
const ada = await site.firstAccount();

describeChatPages('the fake', async (pageSize) => new FakeChatPages(pageSize));
describeChatPages('the API', openApiChat);

async function openApiChat(limit: number): Promise<ChatPages> {
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Physics' } });
  const { id: lectureId } = await ada.api.startLecture({ body: { courseId, title: 'Waves' } });
  const { lecture, participant } = site.enter(lectureId, ada, 'owner');
  return {
    post: (text) => {
      site.clock.advance(chatBurstWindowMs);
      return lecture.chat.post(participant, text);
    },
    delete: (messageId) => lecture.chat.delete(participant, messageId),
    loadPage: (after, signal) => ada.api.getLectureChat({ params: { lectureId }, query: { limit, after } }, { signal }),
  };
}
