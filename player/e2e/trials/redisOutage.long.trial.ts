import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { RedisServer, until } from '#engine/testing';
import { RoomVisit } from '../../demo/RoomVisit.ts';
import { SyntheticEncoder } from '../../demo/SyntheticEncoder.ts';
import { Classroom } from '../Classroom.ts';
import { it } from '../classroomTest.ts';
import { isMoving, untilFrameChanges } from '../mediaProbes.ts';
import { joinRunningSite } from '../RunningSite.ts';
import { hasClusterServers, newClusterSite, openTrialCluster } from './openTrialCluster.ts';
import { TrialReport } from './TrialReport.ts';
import { trialSize } from './trialSize.ts';

if (!hasClusterServers) process.stderr.write('NOT TESTED: an outage of Redis in a cluster needs mongo-java-server, an S3 server, Redis and nginx (see .ci/run)\n');

const patientMs = 120_000;
const outageMs = trialSize({ short: 8000, long: 60_000 });

(hasClusterServers ? describe : describe.skip)('a cluster without Redis', () => {
  it('goes on with its lecture, lets people in and passes their messages on, and is in step again afterwards', async ({ browser }) => {
    const report = new TrialReport('redisOutage');
    const folder = await mkdtemp(path.join(tmpdir(), 'lectern-redis-outage-'));
    const redis = await RedisServer.start();
    const site = { ...newClusterSite('outage'), LECTERN_REDIS_URL: redis.url };
    const cluster = await openTrialCluster(folder, { site, counts: { live: 2, api: 2, delivery: 1, worker: 1 } });
    let encoder: SyntheticEncoder | undefined;
    try {
      const [, setupToken] = /token=(\w+)/.exec(cluster.setupUrl ?? '') ?? [];
      const classroom = await Classroom.openOn(await joinRunningSite({ url: cluster.url, setupToken }), browser);
      const [noor, mateo] = [await classroom.student('Noor'), await classroom.student('Mateo')];
      const lectureId = await classroom.startLecture();
      encoder = new SyntheticEncoder({ url: await classroom.streamUrl(), profile: 'gentle', sizePx: '320x180' });
      const room = await classroom.openPage(noor, `/live/${lectureId}`);
      await until('the video', () => isMoving(room), patientMs);
      const early = await RoomVisit.enter(cluster.url, mateo, lectureId);

      await redis.kill();
      const cutAtMs = performance.now();
      await early.ask('chat.post', { text: 'while Redis is away' });
      await room.getByText('while Redis is away').first().waitFor({ timeout: patientMs });
      const late = await RoomVisit.enter(cluster.url, await classroom.student('Late'), lectureId);
      await late.ask('chat.post', { text: 'I came later' });
      await room.getByText('I came later').first().waitFor({ timeout: patientMs });
      const joinedAfterMs = performance.now() - cutAtMs;
      while (performance.now() - cutAtMs < outageMs) await untilFrameChanges(room.locator('video').first());
      await redis.start();

      const ended = new Promise<void>((resolve) => late.socket.once('disconnect', () => resolve()));
      const { enrolments } = await classroom.ada.api.listEnrolments({ params: { courseId: classroom.courseId } });
      const { userId } = enrolments.find(({ displayName }) => displayName.includes('Late'))!;
      const fromMs = performance.now();
      await classroom.ada.api.removeEnrolment({ params: { courseId: classroom.courseId, userId } });
      await ended;
      report.add({ 'outage s': outageMs / 1000, 'joined and posted after s': Math.round(joinedAfterMs / 100) / 10, 'removed after s': Math.round((performance.now() - fromMs) / 100) / 10 });
      await early.ask('chat.post', { text: 'Redis is back' });
      await room.getByText('Redis is back').first().waitFor({ timeout: patientMs });
      early.leave();
      const { videoId } = await classroom.endRecorded(lectureId);
      const { messages } = await noor.api.getLectureChat({ params: { lectureId } });
      expect(messages.map(({ text }) => text)).toEqual(['while Redis is away', 'I came later', 'Redis is back']);
      expect(videoId).toBeTruthy();
      await classroom.close();
    } finally {
      await encoder?.stop();
      await cluster.stop();
      await redis.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
