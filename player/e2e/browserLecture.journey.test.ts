import { describe, expect } from 'vitest';
import type { Page } from 'playwright-core';
import type { LectureId, VideoId } from '#engine/contract';
import { until } from '#engine/testing';
import type { Person } from '../demo/Person.ts';
import { en } from '../text/en.ts';
import type { Classroom } from './Classroom.ts';
import { it } from './classroomTest.ts';
import { startSending } from './goLive.ts';
import { installFlashingDevices } from './flashingDevices.ts';
import { beepTimes, flashTimes, offsetsMs } from './flashTimes.ts';
import { frameFingerprint, loudestTone } from './mediaProbes.ts';
import { playToEnd } from './replay.ts';

const liveMs = 10_000;
/** Of the flashes in that time; a busy machine may skip some. */
const fewestFlashes = 4;
const devices = { widthPx: 320, heightPx: 180, frameRate: 15 };

describe('a lecture from the browser, with camera and screen', () => {
  let classroom: Classroom;
  let noor: Person;
  let lectureId: LectureId;
  let videoId: VideoId;
  let studio: Page;
  let room: Page;

  it.beforeAll(async ({ classroom: shared }) => {
    classroom = shared;
    noor = await classroom.student('Noor');
    lectureId = await classroom.startLecture();
    studio = await classroom.openPage(classroom.ada, '/');
    await studio.addInitScript(installFlashingDevices, devices);
    await studio.goto(`${classroom.url}/studio/${lectureId}`);
    room = await classroom.openPage(noor, `/live/${lectureId}`);
  });

  it('goes live in two clicks, and adds a screen', async () => {
    await startSending(studio);
    await until('the camera in the room', async () => (await frameFingerprint(room.locator('video').first())).length > 0);
    await studio.getByRole('button', { name: en.studio.screenOn }).click();
    await until('two videos in the room', async () => {
      const fingerprints = await Promise.all((await room.locator('video').all()).map(frameFingerprint));
      return fingerprints.filter(({ length }) => length > 0).length >= 2;
    });
  });

  it('plays the beep', async () => {
    const beep = await until('the beep', async () => Math.abs((await loudestTone(room.locator('video, audio').first())).hz - 880) < 20);
    expect(beep).toBe(true);
  });

  it('has camera, screen and audio on one timeline in its replay', async () => {
    await studio.waitForTimeout(liveMs);
    videoId = (await classroom.endRecorded(lectureId)).videoId;
    const { tracks } = await noor.api.getPlayback({ params: { videoId } });
    expect(tracks.map(({ source }) => source).sort()).toEqual(['camera', 'screen']);
    const urlOf = (source: string) => `${classroom.url}${tracks.find((track) => track.source === source)?.masterUrl ?? ''}`;
    const camera = await flashTimes(urlOf('camera'));
    const [screen, audio] = [await flashTimes(urlOf('screen')), await beepTimes(urlOf('camera'))];
    // A pair is at most half a second apart. How close they are is a figure of sync.bench.ts.
    expect(offsetsMs(screen, camera).length).toBeGreaterThanOrEqual(fewestFlashes);
    expect(offsetsMs(camera, audio).length).toBeGreaterThanOrEqual(fewestFlashes);
  });

  it('plays both videos side by side to the end', async () => {
    const page = await classroom.openPage(noor, `/watch/${videoId}`);
    await until('both videos', async () => (await page.locator('video').count()) === 2);
    await playToEnd(page.locator('video').first());
    const apartSeconds = async () => {
      const times = await Promise.all((await page.locator('video').all()).map((video) => video.evaluate((element: HTMLVideoElement) => element.currentTime)));
      return Math.abs((times[0] ?? 0) - (times[1] ?? Infinity));
    };
    expect(await until('both at the same place', async () => (await apartSeconds()) < 1)).toBe(true);
  });
});
