import path from 'node:path';
import { expect } from 'vitest';
import type { Page } from 'playwright-core';
import type { WorkerView } from '#api/contract';
import type { LectureId } from '#engine/contract';
import { until } from '#engine/testing';
import type { Person } from '../demo/Person.ts';
import { SyntheticEncoder } from '../demo/SyntheticEncoder.ts';
import { en } from '../text/en.ts';
import { Classroom } from './Classroom.ts';
import { describeWithOwnServer, it } from './classroomTest.ts';
import { isMoving } from './mediaProbes.ts';
import { makeConstantRateFile } from './trials/constantRateFile.ts';

/** A machine under load takes long for anything. */
const patientMs = 90_000;

/** How often a page has asked for a track. */
function countSubscriptions(page: Page): () => number {
  let count = 0;
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => (count += String(payload).includes('track.subscribe') ? 1 : 0)));
  return () => count;
}

describeWithOwnServer('a lecture on two workers', () => {
  let classroom: Classroom;
  let lectureId: LectureId;
  let encoder: SyntheticEncoder;
  /** The first viewer is on the other worker, the second on the publisher's. */
  let [away, here]: { page: Page; subscriptions: () => number }[] = [];

  it.beforeAll(async ({ browser }) => {
    classroom = await Classroom.open({ browser, settings: { LECTERN_RTC_WORKERS: '2', LECTERN_RTC_HOME_SHARE: '0' } });
    lectureId = await classroom.startLecture();
    encoder = new SyntheticEncoder({ url: await classroom.streamUrl(), profile: 'gentle', sizePx: '320x180', frameRate: 15 });
    await until('the encoder', async () => (await classroom.ada.api.getLecture({ params: { lectureId } })).videoId);
    away = await watch(await classroom.student('Noor'));
    here = await watch(await classroom.student('Mateo'));
  });

  it.afterAll(async () => {
    await encoder?.stop();
    await classroom?.close();
  });

  async function watch(student: Person) {
    const page = await classroom.openPage(student, '/');
    const subscriptions = countSubscriptions(page);
    await page.goto(`${classroom.server.url}/live/${lectureId}`);
    await until('the video', () => isMoving(page), patientMs);
    return { page, subscriptions };
  }

  const lectures = ({ workers }: { workers: readonly WorkerView[] }) => workers.flatMap((worker) => worker.lectures.map((lecture) => ({ ...lecture, pid: worker.pid })));
  const parts = async () => lectures(await classroom.ada.api.listWorkers({})).sort((a, b) => a.pipes - b.pipes);

  it('is watched in a browser on each, and an administrator sees where', async () => {
    expect(await parts()).toMatchObject([
      { title: 'Lecture 1', hasPublishers: true, viewers: 1, pipes: 0 },
      { title: 'Lecture 1', hasPublishers: false, viewers: 1, pipes: 2 },
    ]);
    const page = await classroom.openPage(classroom.ada, '/');
    await page.getByRole('button', { name: en.shell.accountMenu }).click();
    await page.getByRole('menuitem', { name: en.shell.administration }).click();
    await page.getByRole('link', { name: en.administration.sections.server }).click();
    const rows = page.getByRole('row').filter({ hasText: 'Lecture 1' });
    await expect.poll(() => rows.count(), { timeout: patientMs }).toBe(2);
    expect((await rows.allInnerTexts()).filter((row) => row.includes(en.server.publishedHere))).toHaveLength(1);
    await page.close();
  });

  it('is watched on by those of a worker that dies, on another one, while the others notice nothing', async () => {
    const [, branch] = await parts();
    const before = { here: here?.subscriptions(), away: away?.subscriptions() ?? 0 };
    process.kill(branch?.pid ?? 0, 'SIGKILL');
    await until('the page to subscribe again', () => (away?.subscriptions() ?? 0) >= before.away + 2, patientMs);
    for (const each of [away, here]) await until('the video', () => each && isMoving(each.page), patientMs);
    await until('both viewers', async () => (await parts()).reduce((sum, { viewers }) => sum + viewers, 0) === 2, patientMs);
    expect(here?.subscriptions()).toBe(before.here);
    expect(await away?.page.getByText(en.room.connectionLost).isVisible()).toBe(false);
  });
});

describeWithOwnServer('a lecture on a machine that is full', () => {
  let classroom: Classroom;
  let encoder: SyntheticEncoder;

  it.beforeAll(async ({ browser }) => {
    // The encoder sends 2.2 Mbps, on a busy machine too: there is room for one viewer, also before that was measured.
    classroom = await Classroom.open({ browser, settings: { LECTERN_RTC_MAX_EGRESS_MBPS: '3' } });
  });

  it.afterAll(async () => {
    await encoder?.stop();
    await classroom?.close();
  });

  it('offers its recording to a further viewer, who gets the live video when somebody leaves', async () => {
    const lectureId = await classroom.startLecture();
    const file = path.join(classroom.dataFolder, 'constant.mp4');
    await makeConstantRateFile(file, 2000);
    encoder = new SyntheticEncoder({ url: await classroom.streamUrl(), profile: 'gentle', file });
    await until('the encoder', async () => (await classroom.ada.api.getLecture({ params: { lectureId } })).videoId);
    const inside = await classroom.openPage(await classroom.student('Noor'), `/live/${lectureId}`);
    await until('the video', () => isMoving(inside), patientMs);
    const outside = await classroom.openPage(await classroom.student('Mateo'), `/live/${lectureId}`);
    await outside.getByText(en.room.obstacles.full.title).waitFor({ timeout: patientMs });
    const link = outside.locator('.stage__note').getByRole('link', { name: en.room.fromBeginning });
    await link.waitFor();
    expect(await link.getAttribute('href')).toMatch(/^\/watch\/vid_/);
    // A viewer who is inside keeps the place, also over a reload.
    await inside.reload();
    await until('the video after a reload', () => isMoving(inside), patientMs);
    expect(await outside.getByText(en.room.obstacles.full.title).isVisible()).toBe(true);
    await inside.close();
    await until('the video of the other one', () => isMoving(outside), patientMs);
    expect(await outside.getByText(en.room.obstacles.full.title).isVisible()).toBe(false);
  });
});
