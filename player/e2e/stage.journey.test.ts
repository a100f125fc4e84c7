import { describe, expect } from 'vitest';
import type { Page } from 'playwright-core';
import type { LectureId } from '#engine/contract';
import { until } from '#engine/testing';
import { en } from '../text/en.ts';
import { installChangingDevices } from './changingDevices.ts';
import type { Classroom } from './Classroom.ts';
import { it } from './classroomTest.ts';
import { colourAt, coloursIn } from './colours.ts';
import { goLive } from './goLive.ts';

/** 300 ms at 60 Hz. */
const mostFrames = 18;
const middle = { x: 0.5, y: 0.25 };

interface StageProbe {
  /** The frames of the page that still painted the camera after it was told that the camera is off; undefined before it is told. */
  paintedFrames: number | undefined;
  /** Frames that were looked at since then. */
  frames: number;
  /** Every shape that the camera had on the stage: width by height, of what was painted. */
  shapes: number[];
}

declare global {
  interface Window {
    stageProbe: StageProbe;
  }
}

/**
 * Runs in the page before its scripts: from the message that the camera is off, it looks in every frame whether the stage paints
 * the camera, and counts frames, so that a busy machine does not matter.
 */
function installStageProbe(): void {
  const probe: StageProbe = { paintedFrames: undefined, frames: 0, shapes: [] };
  window.stageProbe = probe;
  const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const isRed = (element: HTMLVideoElement | HTMLCanvasElement) => {
    const [width, height] = element instanceof HTMLVideoElement ? [element.videoWidth, element.videoHeight] : [element.width, element.height];
    if (!context || width === 0 || height === 0) return false;
    context.clearRect(0, 0, 1, 1);
    context.drawImage(element, width / 4, height / 4, width / 2, height / 2, 0, 0, 1, 1);
    const [red = 0, green = 0] = context.getImageData(0, 0, 1, 1).data;
    return red > green + 40;
  };
  const isPainted = () => {
    const video = document.querySelector<HTMLVideoElement>('#stage video');
    const still = document.querySelector<HTMLCanvasElement>('#stage canvas');
    const isCovered = still !== null && getComputedStyle(still).visibility === 'visible';
    if (isCovered) return isRed(still);
    if (video && isRed(video)) probe.shapes.push(video.videoWidth / video.videoHeight);
    return video !== null && isRed(video);
  };
  const look = () => {
    if (probe.paintedFrames !== undefined) {
      probe.frames += 1;
      if (isPainted()) probe.paintedFrames += 1;
    } else isPainted();
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  const Native = WebSocket;
  window.WebSocket = class extends Native {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('message', ({ data }) => {
        if (typeof data === 'string' && data.includes('track.changed') && data.includes('"isPaused":true')) probe.paintedFrames ??= 0;
      });
    }
  };
}

describe('the stage of the room', () => {
  let classroom: Classroom;
  let lectureId: LectureId;
  let studio: Page;
  let room: Page;

  it.beforeAll(async ({ classroom: shared }) => {
    classroom = shared;
    lectureId = await classroom.startLecture();
    studio = await goLive(classroom, lectureId, (page) => page.addInitScript(installChangingDevices));
    room = await classroom.openPage(await classroom.student('Noor'), '/');
    await room.addInitScript(installStageProbe);
    // A stage that is higher than a slide.
    await room.setViewportSize({ width: 1280, height: 900 });
    await room.goto(`${classroom.url}/live/${lectureId}`);
    await until('the camera', async () => (await coloursIn(room))[0] === 'red');
  });

  const stage = () => room.locator('#stage');

  it('paints nothing of a camera within 300 ms after the page is told that it is off, and names the presenter', async () => {
    await studio.getByRole('button', { name: en.studio.cameraOff }).click();
    await room.locator('.cover').getByText('Ada').first().waitFor();
    const { paintedFrames, shapes } = await until('some seconds without the camera', async () => {
      const probe = await room.evaluate(() => window.stageProbe);
      return probe.frames > 3 * mostFrames ? probe : undefined;
    });
    expect(paintedFrames).toBeLessThanOrEqual(mostFrames);
    expect(await colourAt(stage(), middle)).toBe('black');
    expect([...new Set(shapes.map((shape) => shape.toFixed(2)))]).toEqual(['1.78']);
  });

  it('says that the presenter is muted', async () => {
    await studio.getByRole('button', { name: en.studio.mute, exact: true }).click();
    await room.getByText(en.room.cameraOffMuted).waitFor();
    await studio.getByRole('button', { name: en.studio.unmute, exact: true }).click();
    await room.getByText(en.room.cameraOffMuted).waitFor({ state: 'hidden' });
  });

  it('shows a screen and the camera, each in its shape, and neither over the other when there is room', async () => {
    await studio.getByRole('button', { name: en.studio.cameraOn }).click();
    await studio.getByRole('button', { name: en.studio.screenOn }).click();
    const boxes = await until('both videos in their shapes', async () => {
      const found = await room.locator('#stage video').evaluateAll((videos) =>
        (videos as HTMLVideoElement[]).map((video) => {
          const { left, right, top, bottom, width, height } = video.getBoundingClientRect();
          return { painted: video.videoWidth / video.videoHeight, box: width / height, left, right, top, bottom };
        }),
      );
      return found.length === 2 && found.every(({ painted, box }) => Math.abs(painted - box) < 0.02) ? found : undefined;
    });
    const [screen, camera] = boxes;
    if (!screen || !camera) throw new Error('expected two videos');
    expect(camera.right <= screen.left + 1 || camera.left >= screen.right - 1 || camera.bottom <= screen.top + 1).toBe(true);
  });
});
