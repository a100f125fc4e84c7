import { tmpdir } from 'node:os';
import { onTestFinished } from 'vitest';
import { startSharedTestApi } from '#api/testing';
import { createApiClient } from '#api/contract';
import { chatBurstWindowMs, LectureId, VideoId } from '#engine/contract';
import { replayApiConformance } from './testing/replayApiConformance.ts';
import { fakeLectureId, fakeVideoId, serveReplay } from './testing/serveReplay.ts';

const site = await startSharedTestApi();
const ada = await site.firstAccount();
const sam = await site.signup('sam');
const texts = ['What is a wave?', 'I see.'] as const;

replayApiConformance('the fake', async () => {
  const server = await serveReplay({ pages: tmpdir(), recording: tmpdir() });
  onTestFinished(() => server.close());
  const { url, state } = server;
  state.messages = texts.map((text, index) => ({ atSeconds: index + 1, name: 'Ada', text }));
  const api = createApiClient({ baseUrl: url, fetch, getAccessToken: () => 'token', onUnauthorized: async () => false });
  const refused = () => {
    state.isAllowed = false;
    return api;
  };
  return { api, refused, url, videoId: fakeVideoId, lectureId: fakeLectureId, texts };
});

replayApiConformance('the API', async () => {
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Physics' } });
  const title = 'Waves';
  const { id: lectureId } = await ada.api.startLecture({ body: { courseId, title } });
  const { lecture, participant } = site.enter(lectureId, ada, 'owner');
  for (const text of texts) {
    site.clock.advance(chatBurstWindowMs);
    await lecture.chat.post(participant, text);
  }
  await ada.api.endLecture({ params: { lectureId } });
  const video = await site.recordVideo({ courseId, lectureId, title });
  ada.take(await ada.api.refresh());
  return { api: ada.api, refused: () => sam.api, url: site.url, videoId: VideoId.parse(video._id), lectureId: LectureId.parse(lectureId), texts };
});
