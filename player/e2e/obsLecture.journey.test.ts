import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import type { LectureId } from '#engine/contract';
import { until } from '#engine/testing';
import type { Person } from '../demo/Person.ts';
import { RoomVisit } from '../demo/RoomVisit.ts';
import { SyntheticEncoder } from '../demo/SyntheticEncoder.ts';
import { Classroom } from './Classroom.ts';
import { difference, frameFingerprint, loudestTone } from './mediaProbes.ts';
import { playToEnd } from './replay.ts';

/** Long enough for three keyframes of OBS's default interval. */
const pushedSeconds = 30;
/** OBS's default GOP is the longest segment a default source can make. */
const longestSegmentSeconds = 8.34;

describe('a lecture from OBS with its default settings', () => {
  let classroom: Classroom;
  let noor: Person;
  let mateo: Person;
  let lectureId: LectureId;
  let encoder: SyntheticEncoder;
  let room: Page;

  beforeAll(async () => {
    classroom = await Classroom.open();
    [noor, mateo] = [await classroom.student('Noor'), await classroom.student('Mateo')];
    lectureId = await classroom.startLecture();
    encoder = new SyntheticEncoder({ url: await classroom.streamUrl(), profile: 'obs', durationSeconds: pushedSeconds });
    room = await classroom.openPage(noor, `/live/${lectureId}`);
  });

  afterAll(async () => {
    await encoder.stop();
    await classroom.close();
  });

  it('shows a picture that changes every second', async () => {
    const video = room.locator('video').first();
    await until('the first picture', async () => (await frameFingerprint(video)).length > 0, 30_000);
    let before = await frameFingerprint(video);
    for (let second = 0; second < 4; second += 1) {
      const isMoving = await until('the next second of picture', async () => difference(before, await frameFingerprint(video)) > 1);
      expect(isMoving).toBe(true);
      before = await frameFingerprint(video);
    }
  });

  it('lets the tone be heard', async () => {
    const tone = await until('the tone', async () => {
      const { hz, decibels } = await loudestTone(room.locator('video, audio').first());
      return hz > 420 && hz < 460 && decibels > -60;
    }, 15_000);
    expect(tone).toBe(true);
  });

  it("shows another student's message", async () => {
    const visit = await RoomVisit.enter(classroom.server.url, mateo, lectureId);
    await visit.ask('chat.post', { text: 'Which lens is that?' });
    await room.getByText('Which lens is that?').waitFor();
    visit.leave();
  });

  it('shows the picture again on a page that the browser has kept and shows again', async () => {
    const hasReloaded = room.waitForEvent('load');
    await room.evaluate(() => {
      dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
      dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    });
    await hasReloaded;
    const video = room.locator('video').first();
    const before = await until('a picture', async () => {
      const picture = await frameFingerprint(video);
      return picture.length > 0 ? picture : undefined;
    }, 30_000);
    expect(await until('another picture', async () => difference(before, await frameFingerprint(video)) > 1)).toBe(true);
  });

  it('plays as a replay to its end, as long as what was pushed', async () => {
    await encoder.exited;
    const { videoId } = await classroom.ada.api.endLecture({ params: { lectureId } });
    expect(videoId).not.toBeNull();
    const page = await classroom.openPage(noor, `/watch/${videoId}`);
    const { durationSeconds, bufferedSeconds } = await playToEnd(page.locator('video').first());
    expect(Math.abs(bufferedSeconds - pushedSeconds)).toBeLessThan(longestSegmentSeconds);
    // The timeline is the lecture's clock, so it may begin with the wait for the encoder.
    expect(durationSeconds).toBeGreaterThanOrEqual(bufferedSeconds - 0.1);
    await page.getByText('Which lens is that?').waitFor();
  });
});
