import { describe, expect } from 'vitest';
import type { Page } from 'playwright-core';
import type { LectureId } from '#engine/contract';
import { until } from '#engine/testing';
import type { Classroom } from './Classroom.ts';
import { it } from './classroomTest.ts';
import { installChangingDevices } from './changingDevices.ts';
import { colourAt, coloursIn } from './colours.ts';
import { goLive, startSending } from './goLive.ts';
import { en } from '../text/en.ts';

/** Upright: the video leaves the sides of the stage free. */
const camera = { widthPx: 240, heightPx: 320, colour: '#c03030' };
const inVideo = { x: 0.5, y: 0.3 };
const besideVideo = { x: 0.05, y: 0.5 };

describe('a student while no video arrives', () => {
  let classroom: Classroom;
  let lectureId: LectureId;
  let studio: Page;
  let room: Page;

  it.beforeAll(async ({ classroom: shared }) => {
    classroom = shared;
    lectureId = await classroom.startLecture();
    studio = await goLive(classroom, lectureId, (page) => page.addInitScript(installChangingDevices));
    await studio.evaluate((shown) => window.changeVideo.camera(shown), camera);
    room = await classroom.openPage(await classroom.student('Noor'), `/live/${lectureId}`);
  });

  const stage = () => room.locator('#stage');
  const showsCamera = async () => {
    await until('the video in its own shape', async () => {
      const shape = await room.locator('video').first().evaluate((video: HTMLVideoElement) => video.videoWidth / video.videoHeight);
      return Math.abs(shape - 3 / 4) < 0.02 && (await coloursIn(room))[0] === 'red';
    });
    await room.locator('media-controller[userinactive]').waitFor();
    await until('the video on the stage', async () => (await colourAt(stage(), inVideo)) === 'red' && (await colourAt(stage(), besideVideo)) === 'black');
  };

  it('sees the last frame in its own shape during an interruption, also when the controls are hidden', async () => {
    await showsCamera();
    await studio.getByRole('button', { name: en.studio.stopSending }).click();
    await room.getByText(en.room.broadcastPaused).waitFor();
    await room.locator('media-controller[userinactive]').waitFor();
    await room.waitForTimeout(1000);
    expect([await colourAt(stage(), inVideo), await colourAt(stage(), besideVideo)]).toEqual(['red', 'black']);
  });

  it('sees a black stage after the camera is turned off, and the video after it is turned on', async () => {
    await startSending(studio);
    await showsCamera();
    await studio.getByRole('button', { name: en.studio.cameraOff }).click();
    await room.getByText(en.room.audioOnly).waitFor();
    await until('a black stage', async () => (await colourAt(stage(), inVideo)) === 'black');
    await studio.getByRole('button', { name: en.studio.cameraOn }).click();
    await until('the video', async () => (await colourAt(stage(), inVideo)) === 'red');
    await room.getByText(en.room.audioOnly).waitFor({ state: 'hidden' });
  });
});
