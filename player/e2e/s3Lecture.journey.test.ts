import { describe, expect } from 'vitest';
import type { VideoId } from '#engine/contract';
import { until } from '#engine/testing';
import { SyntheticEncoder } from '../demo/SyntheticEncoder.ts';
import type { Person } from '../demo/Person.ts';
import { Classroom } from './Classroom.ts';
import { describeWithOwnServer, it } from './classroomTest.ts';
import { playToEnd } from './replay.ts';

const endpoint = process.env.LECTERN_TEST_S3_ENDPOINT;
const pushedSeconds = 8;

/** Needs a real S3 server: `.ci/s3-server run`, then `eval "$(.ci/s3-server env)"`. */
(endpoint ? describeWithOwnServer : describe.skip)('a lecture recorded to S3', () => {
  let classroom: Classroom;
  let noor: Person;
  let videoId: VideoId;

  it.beforeAll(async ({ browser }) => {
    const settings = {
      LECTERN_S3_ENDPOINT: endpoint ?? '',
      LECTERN_S3_BUCKET: `journey-${Date.now()}`,
      LECTERN_S3_ACCESS_KEY_ID: process.env.LECTERN_TEST_S3_ACCESS_KEY ?? '',
      LECTERN_S3_SECRET_ACCESS_KEY: process.env.LECTERN_TEST_S3_SECRET_KEY ?? '',
    };
    classroom = await Classroom.open({ browser, settings });
    noor = await classroom.student('Noor');
    const lectureId = await classroom.startLecture();
    const encoder = new SyntheticEncoder({ url: await classroom.streamUrl(), profile: 'gentle', sizePx: '320x180', durationSeconds: pushedSeconds });
    await encoder.exited;
    const ended = await classroom.ada.api.endLecture({ params: { lectureId } });
    if (!ended.videoId) throw new Error('the lecture was recorded');
    videoId = ended.videoId;
  });

  it.afterAll(() => classroom?.close());

  it('replays from the store, by signed redirects', async () => {
    const page = await classroom.openPage(noor, '/');
    const fromStore: string[] = [];
    page.on('response', (response) => {
      if (response.url().startsWith(endpoint ?? '-') && response.ok()) fromStore.push(response.url());
    });
    await page.goto(`${classroom.server.url}/watch/${videoId}`);
    const { playedSeconds } = await playToEnd(page.locator('video').first());
    expect(playedSeconds).toBeGreaterThan(pushedSeconds - 3);
    await until('segments from the store', () => fromStore.some((url) => url.includes('.m4s')));
    expect(fromStore.every((url) => url.includes('X-Amz-Signature='))).toBe(true);
  });
});
