import { expect, it } from 'vitest';
import { LectureId } from '#engine/contract';
import type { IngestHealth } from '#engine/contract';
import { refusal, startTestApi } from '../testing/index.ts';

const encoder: IngestHealth = { protocol: 'rtmp', state: 'running', problem: null, widthPx: 1280, heightPx: 720, frameRate: 30, videoBitrateBps: 2_500_000, audioBitrateBps: 128_000, audioSampleRateHz: 48_000, keyframeIntervalSeconds: 2, hasBFrames: false, droppedFrames: 0, isReencoded: false, advice: [] };

async function liveLecture() {
  const site = await startTestApi();
  const ada = await site.firstAccount();
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Physics', enrolmentPolicy: 'open' } });
  const { id } = await ada.api.startLecture({ body: { courseId, title: 'Waves' } });
  return { ...site, ada, courseId, lectureId: LectureId.parse(id) };
}

it('Administrators see what is live, on which node, with its audience, bitrates and encoder', async () => {
  const { ada, lectureId, courseId, registry, enter, signup } = await liveLecture();
  enter(lectureId, await signup('Sam'));
  const lecture = registry.live(lectureId);
  await lecture?.requireRoom().openClientTransport('recv');
  lecture?.reports.setHealth(encoder);
  expect((await ada.api.listLive()).lectures).toMatchObject([
    { lectureId, title: 'Waves', course: { id: courseId, title: 'Physics' }, state: 'live', nodeId: 'nod_only', report: { people: 1, viewers: 1, sentBps: 0, receivedBps: 2_628_000, encoder: { state: 'running', frameRate: 30 } } },
  ]);
  await ada.api.endLecture({ params: { lectureId } });
  expect((await ada.api.listLive()).lectures).toEqual([]);
  expect(await refusal(ada.api.listLiveSamples({ params: { lectureId } }))).toMatchObject({ code: 'lecture.ended' });
});

it('Administrators see the audience of a live lecture over time; a long lecture has no more samples than a short one', async () => {
  const { ada, lectureId, enter, signup, clock, registry } = await liveLecture();
  clock.advance(10_000);
  enter(lectureId, await signup('Sam'));
  registry.live(lectureId)?.reports.setHealth(encoder);
  clock.advance(20_000);
  const samples = async () => (await ada.api.listLiveSamples({ params: { lectureId } })).samples;
  expect((await samples()).map(({ people, receivedBps }) => [people, receivedBps])).toEqual([[0, null], [1, 2_628_000], [1, 2_628_000], [1, 2_628_000]]);
  clock.advance(250_000);
  const many = await samples();
  for (let step = 1; step < many.length; step += 1) expect(many[step]?.atMs).toBeGreaterThanOrEqual(many[step - 1]?.atMs ?? 0);
  expect(many.length).toBe(29);
});

it('Nobody else sees what is live on the site', async () => {
  const { lectureId, signup } = await liveLecture();
  const sam = await signup('Sam');
  for (const attempt of [() => sam.api.listLive(), () => sam.api.listLiveSamples({ params: { lectureId } })]) expect(await refusal(attempt())).toMatchObject({ code: 'access.denied' });
});
