import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import type { LectureId } from '#engine/contract';
import { until } from '#engine/testing';
import type { Person } from '../demo/Person.ts';
import { RoomVisit } from '../demo/RoomVisit.ts';
import { SyntheticEncoder } from '../demo/SyntheticEncoder.ts';
import { Classroom } from './Classroom.ts';
import { isMoving } from './mediaProbes.ts';
import { playToEnd } from './replay.ts';

const kills = 2;
const liveMs = 8000;

describe('a server that is killed in the middle of a lecture', () => {
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
  });

  afterAll(async () => {
    await encoder.stop();
    await classroom.close();
  });

  it('is back with the lecture, its chat and its viewers each time', async () => {
    for (let kill = 1; kill <= kills; kill += 1) {
      const visit = await RoomVisit.enter(classroom.server.url, noor, lectureId);
      await visit.ask('chat.post', { text: `Before kill ${kill}` });
      visit.leave();
      await room.waitForTimeout(liveMs);
      await classroom.crash();
      // OBS tries again by itself; this encoder is started again.
      await encoder.stop();
      encoder = new SyntheticEncoder({ url, profile: 'gentle' });
      await until('the picture to return without a reload', () => isMoving(room), 60_000);
      await room.getByText(`Before kill ${kill}`).waitFor();
      expect((await classroom.ada.api.getLecture({ params: { lectureId } })).state).toBe('live');
    }
    await room.waitForTimeout(liveMs);
  });

  it('has one recording that plays through', async () => {
    const { videoId, startedAt, endedAt } = await classroom.ada.api.endLecture({ params: { lectureId } });
    const { videos } = await noor.api.listVideos({ params: { courseId: classroom.courseId } });
    expect(videos.map(({ id }) => id)).toEqual([videoId]);
    const page = await classroom.openPage(noor, `/watch/${videoId}`);
    const { durationSeconds } = await playToEnd(page.locator('video').first());
    const lectureSeconds = (Date.parse(endedAt ?? '') - Date.parse(startedAt ?? '')) / 1000;
    expect(Math.abs(durationSeconds - lectureSeconds)).toBeLessThan(5);
  });
});
