import { expect, it } from 'vitest';
import { LectureId } from '#engine/contract';
import { refusal, startTestApi } from '../testing/index.ts';

it('shows administrators the media workers with the viewers of each lecture', async () => {
  const site = await startTestApi();
  const ada = await site.firstAccount();
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Physics', enrolmentPolicy: 'open' } });
  const { id: lectureId } = await ada.api.startLecture({ body: { courseId, title: 'Waves' } });
  await site.registry.live(LectureId.parse(lectureId))?.requireRoom().openClientTransport('recv');
  const waves = { lectureId, title: 'Waves', viewers: 1, pipes: 0, egressBps: 0, hasPublishers: true };
  expect(await ada.api.listWorkers({})).toEqual({ workers: [{ index: 0, pid: 1, cpuShare: 0, egressBps: 0, lectures: [waves], nodeId: 'nod_only' }] });
  site.plane.hasWorker = false;
  expect((await ada.api.listWorkers({})).workers).toMatchObject([{ pid: null }]);
});

it('shows nobody else the media workers', async () => {
  const site = await startTestApi();
  const ada = await site.firstAccount();
  const sam = await site.signup('sam');
  await ada.api.setUserRoles({ params: { userId: sam.userId }, body: { roles: ['instructor'] } });
  expect(await refusal(sam.api.listWorkers({}))).toMatchObject({ code: 'access.denied' });
});
