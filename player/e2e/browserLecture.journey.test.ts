import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import type { LectureId, VideoId } from '#engine/contract';
import { until } from '#engine/testing';
import type { Person } from '../demo/Person.ts';
import { en } from '../text/en.ts';
import { Classroom } from './Classroom.ts';
import { installFlashingDevices } from './flashingDevices.ts';
import { beepTimes, flashTimes, median, offsetsMs } from './flashTimes.ts';
import { frameFingerprint, loudestTone } from './mediaProbes.ts';
import { playToEnd } from './replay.ts';

const liveMs = 15_000;
/** ITU-R BT.1359: what people begin to notice. */
const noticedMs = 80;

describe('a lecture from the browser, with camera and screen', () => {
  let classroom: Classroom;
  let noor: Person;
  let lectureId: LectureId;
  let videoId: VideoId;
  let studio: Page;
  let room: Page;

  beforeAll(async () => {
    classroom = await Classroom.open();
    noor = await classroom.student('Noor');
    lectureId = await classroom.startLecture();
    studio = await classroom.openPage(classroom.ada, '/');
    await studio.addInitScript(installFlashingDevices);
    await studio.goto(`${classroom.server.url}/studio/${lectureId}`);
    room = await classroom.openPage(noor, `/live/${lectureId}`);
  });

  afterAll(() => classroom.close());

  it('goes live in two clicks, and shares the screen beside it', async () => {
    await studio.getByRole('button', { name: new RegExp(`${en.studio.goLive}|${en.studio.continueLive}`) }).click();
    await until('the camera in the room', async () => (await frameFingerprint(room.locator('video').first())).length > 0, 20_000);
    await studio.getByRole('button', { name: en.studio.screenOn }).click();
    await until('two pictures in the room', async () => {
      const pictures = await Promise.all((await room.locator('video').all()).map(frameFingerprint));
      return pictures.filter(({ length }) => length > 0).length >= 2;
    }, 20_000);
  });

  it('lets the beep be heard', async () => {
    const beep = await until('the beep', async () => Math.abs((await loudestTone(room.locator('video, audio').first())).hz - 880) < 20, 15_000);
    expect(beep).toBe(true);
  });

  it('has two tracks in its replay, in sync with each other and with the sound', async () => {
    await studio.waitForTimeout(liveMs);
    const ended = await classroom.ada.api.endLecture({ params: { lectureId } });
    if (!ended.videoId) throw new Error('the lecture was recorded');
    videoId = ended.videoId;
    const { tracks } = await noor.api.getPlayback({ params: { videoId } });
    expect(tracks.map(({ source }) => source).sort()).toEqual(['camera', 'screen']);
    const urlOf = (source: string) => `${classroom.server.url}${tracks.find((track) => track.source === source)?.masterUrl ?? ''}`;
    const camera = await flashTimes(urlOf('camera'));
    const [screen, sound] = [await flashTimes(urlOf('screen')), await beepTimes(urlOf('camera'))];
    const [screenOffsets, soundOffsets] = [offsetsMs(screen, camera), offsetsMs(camera, sound)];
    expect(screenOffsets.length).toBeGreaterThan(8);
    expect(soundOffsets.length).toBeGreaterThan(8);
    expect(Math.abs(median(screenOffsets))).toBeLessThan(noticedMs);
    expect(Math.abs(median(soundOffsets))).toBeLessThan(noticedMs);
  });

  it('plays both pictures side by side to the end', async () => {
    const page = await classroom.openPage(noor, `/watch/${videoId}`);
    await until('both pictures', async () => (await page.locator('video').count()) === 2);
    await playToEnd(page.locator('video').first());
    const apartSeconds = async () => {
      const times = await Promise.all((await page.locator('video').all()).map((video) => video.evaluate((element: HTMLVideoElement) => element.currentTime)));
      return Math.abs((times[0] ?? 0) - (times[1] ?? Infinity));
    };
    expect(await until('both at the same place', async () => (await apartSeconds()) < 1)).toBe(true);
  });
});
