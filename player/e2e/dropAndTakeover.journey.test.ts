import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import type { LectureId } from '#engine/contract';
import { until } from '#engine/testing';
import type { Person } from '../demo/Person.ts';
import { SyntheticEncoder } from '../demo/SyntheticEncoder.ts';
import { en } from '../text/en.ts';
import { Classroom } from './Classroom.ts';
import { isMoving } from './mediaProbes.ts';
import { playToEnd } from './replay.ts';

const dropMs = 30_000;

describe('an encoder that drops out and comes back, then gives way to the browser', () => {
  let classroom: Classroom;
  let noor: Person;
  let lectureId: LectureId;
  let url: string;
  let encoder: SyntheticEncoder;
  let room: Page;

  beforeAll(async () => {
    classroom = await Classroom.open();
    noor = await classroom.student('Noor');
    lectureId = await classroom.startLecture();
    url = await classroom.streamUrl();
    encoder = new SyntheticEncoder({ url, profile: 'gentle' });
    room = await classroom.openPage(noor, `/live/${lectureId}`);
    await until('the picture', () => isMoving(room), 30_000);
    await room.waitForTimeout(4000);
  });

  afterAll(async () => {
    await encoder.stop();
    await classroom.close();
  });

  it('leaves the lecture on the air, and tells who watches', async () => {
    await encoder.stop('SIGKILL');
    await room.getByText(en.room.instructorReconnecting).first().waitFor({ timeout: 15_000 });
    await room.waitForTimeout(dropMs);
    expect((await classroom.ada.api.getLecture({ params: { lectureId } })).state).toBe('interrupted');
  });

  it('shows the picture again by itself when the encoder returns', async () => {
    encoder = new SyntheticEncoder({ url, profile: 'gentle' });
    await until('the picture to return', () => isMoving(room), 30_000);
    expect((await classroom.ada.api.getLecture({ params: { lectureId } })).state).toBe('live');
    await room.waitForTimeout(4000);
  });

  it('goes on from the browser in the same room', async () => {
    await encoder.stop();
    const studio = await classroom.openPage(classroom.ada, `/studio/${lectureId}`);
    await studio.getByRole('button', { name: new RegExp(`${en.studio.goLive}|${en.studio.continueLive}`) }).click();
    await until('the camera', () => isMoving(room), 30_000);
    await room.waitForTimeout(6000);
  });

  it('is one recording at one address, as long as the lecture', async () => {
    const { videoId, startedAt, endedAt } = await classroom.ada.api.endLecture({ params: { lectureId } });
    const { videos } = await noor.api.listVideos({ params: { courseId: classroom.courseId } });
    expect(videos.map(({ id }) => id)).toEqual([videoId]);
    const page = await classroom.openPage(noor, `/watch/${videoId}`);
    const { durationSeconds } = await playToEnd(page.locator('video').first());
    const lectureSeconds = (Date.parse(endedAt ?? '') - Date.parse(startedAt ?? '')) / 1000;
    expect(Math.abs(durationSeconds - lectureSeconds)).toBeLessThan(5);
  });
});
