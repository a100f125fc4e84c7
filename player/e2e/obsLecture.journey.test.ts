import { describe, expect } from 'vitest';
import type { Page } from 'playwright-core';
import type { LectureId } from '#engine/contract';
import { until } from '#engine/testing';
import type { Person } from '../demo/Person.ts';
import { RoomVisit } from '../demo/RoomVisit.ts';
import { SyntheticEncoder } from '../demo/SyntheticEncoder.ts';
import type { Classroom } from './Classroom.ts';
import { it } from './classroomTest.ts';
import { difference, frameFingerprint, loudestTone } from './mediaProbes.ts';
import { playToEnd } from './replay.ts';

/** Long enough for three keyframes at OBS's default interval. */
const pushedSeconds = 18;
/** One group of pictures of OBS's default settings, which is the longest segment of such a source. */
const longestSegmentSeconds = 8.34;

describe('a lecture from OBS with its default settings', () => {
  let classroom: Classroom;
  let noor: Person;
  let mateo: Person;
  let lectureId: LectureId;
  let encoder: SyntheticEncoder;
  let room: Page;

  it.beforeAll(async ({ classroom: shared }) => {
    classroom = shared;
    [noor, mateo] = [await classroom.student('Noor'), await classroom.student('Mateo')];
    lectureId = await classroom.startLecture();
    encoder = new SyntheticEncoder({ url: await classroom.streamUrl(), profile: 'obs', sizePx: '640x360' });
    room = await classroom.openPage(noor, `/live/${lectureId}`);
  });

  it.afterAll(() => encoder?.stop());

  it('shows video that changes every second', async () => {
    const video = room.locator('video').first();
    await until('the first frame', async () => (await frameFingerprint(video)).length > 0);
    let before = await frameFingerprint(video);
    for (let second = 0; second < 4; second += 1) {
      const isMoving = await until('another frame', async () => difference(before, await frameFingerprint(video)) > 1);
      expect(isMoving).toBe(true);
      before = await frameFingerprint(video);
    }
  });

  it('plays the tone', async () => {
    const tone = await until('the tone', async () => {
      const { hz, decibels } = await loudestTone(room.locator('video, audio').first());
      return hz > 420 && hz < 460 && decibels > -60;
    });
    expect(tone).toBe(true);
  });

  it("shows another student's message", async () => {
    const visit = await RoomVisit.enter(classroom.url, mateo, lectureId);
    await visit.ask('chat.post', { text: 'Which lens is that?' });
    await room.getByText('Which lens is that?').waitFor();
    visit.leave();
  });

  it('shows video again on a page that the browser restores from its cache', async () => {
    const hasReloaded = room.waitForEvent('load');
    await room.evaluate(() => {
      dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
      dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    });
    await hasReloaded;
    const video = room.locator('video').first();
    const before = await until('a frame', async () => {
      const fingerprint = await frameFingerprint(video);
      return fingerprint.length > 0 ? fingerprint : undefined;
    });
    expect(await until('another frame', async () => difference(before, await frameFingerprint(video)) > 1)).toBe(true);
  });

  it('has a replay that plays to its end and lacks nothing that was pushed', async () => {
    await until('three keyframes to be pushed', () => encoder.pushed.seconds > pushedSeconds);
    await encoder.stop();
    const { videoId } = await classroom.ada.api.endLecture({ params: { lectureId } });
    expect(videoId).not.toBeNull();
    const page = await classroom.openPage(noor, `/watch/${videoId}`);
    const { durationSeconds, playedSeconds } = await playToEnd(page.locator('video').first());
    // Nothing is lost. It is longer where a busy machine kept the encoder from sending at its pace.
    expect(playedSeconds).toBeGreaterThan(encoder.pushed.seconds - longestSegmentSeconds);
    // The timeline is the lecture's clock: it may begin with the wait for the encoder.
    expect(durationSeconds).toBeGreaterThanOrEqual(playedSeconds - 0.1);
    await page.getByText('Which lens is that?').waitFor();
  });
});
