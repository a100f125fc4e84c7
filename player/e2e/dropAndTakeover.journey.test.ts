import { describe, expect } from 'vitest';
import type { Page } from 'playwright-core';
import type { LectureId } from '#engine/contract';
import { until } from '#engine/testing';
import type { Person } from '../demo/Person.ts';
import { SyntheticEncoder } from '../demo/SyntheticEncoder.ts';
import { en } from '../text/en.ts';
import type { Classroom } from './Classroom.ts';
import { it } from './classroomTest.ts';
import { installFlashingDevices } from './flashingDevices.ts';
import { goLive } from './goLive.ts';
import { isMoving } from './mediaProbes.ts';
import { playToEnd } from './replay.ts';

/** How long each part of the lecture goes on. */
const partMs = 3000;
/** A segment and what waits for its keyframe. */
const toleranceSeconds = 8;

describe('a lecture whose encoder drops out, comes back and is replaced by the browser', () => {
  let classroom: Classroom;
  let noor: Person;
  let lectureId: LectureId;
  let url: string;
  let encoder: SyntheticEncoder;
  let room: Page;

  const push = () => new SyntheticEncoder({ url, profile: 'gentle', sizePx: '320x180' });

  it.beforeAll(async ({ classroom: shared }) => {
    classroom = shared;
    noor = await classroom.student('Noor');
    lectureId = await classroom.startLecture();
    url = await classroom.streamUrl();
    encoder = push();
    room = await classroom.openPage(noor, `/live/${lectureId}`);
    await until('the video', () => isMoving(room));
    await room.waitForTimeout(partMs);
  });

  it.afterAll(() => encoder?.stop());

  it('stays live without its encoder, and tells the viewers', async () => {
    await encoder.stop('SIGKILL');
    await room.getByText(en.room.instructorReconnecting).first().waitFor();
    await room.waitForTimeout(partMs);
    expect((await classroom.ada.api.getLecture({ params: { lectureId } })).state).toBe('interrupted');
  });

  it('shows video again when the encoder returns', async () => {
    encoder = push();
    await until('the video to return', () => isMoving(room));
    expect((await classroom.ada.api.getLecture({ params: { lectureId } })).state).toBe('live');
    await room.waitForTimeout(partMs);
  });

  it('goes on from the browser in the same room', async () => {
    await encoder.stop();
    await goLive(classroom, lectureId, (studio) => studio.addInitScript(installFlashingDevices, { widthPx: 320, heightPx: 180, frameRate: 15 }));
    await until('the camera', () => isMoving(room));
    await room.waitForTimeout(partMs);
  });

  it('is one recording, as long as the lecture', async () => {
    const { videoId, startedAt, endedAt } = await classroom.ada.api.endLecture({ params: { lectureId } });
    const { videos } = await noor.api.listVideos({ params: { courseId: classroom.courseId } });
    expect(videos.map(({ id }) => id)).toEqual([videoId]);
    const page = await classroom.openPage(noor, `/watch/${videoId}`);
    const { durationSeconds } = await playToEnd(page.locator('video').first());
    const lectureSeconds = (Date.parse(endedAt ?? '') - Date.parse(startedAt ?? '')) / 1000;
    expect(Math.abs(durationSeconds - lectureSeconds)).toBeLessThan(toleranceSeconds);
  });
});
