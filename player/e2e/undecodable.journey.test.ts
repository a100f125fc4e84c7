import { describe, expect } from 'vitest';
import type { Page } from 'playwright-core';
import type { LectureId } from '#engine/contract';
import { until } from '#engine/testing';
import { SyntheticEncoder } from '../demo/SyntheticEncoder.ts';
import { en } from '../text/en.ts';
import type { Classroom } from './Classroom.ts';
import { it } from './classroomTest.ts';
import { frameFingerprint } from './mediaProbes.ts';

declare global {
  interface Window {
    installsH264: () => void;
  }
}

/** Runs in the page before its scripts: WebRTC without H.264, as in Firefox before it has installed its plug-in. */
function hideH264(): void {
  let isHidden = true;
  window.installsH264 = () => (isHidden = false);
  type CreateOffer = (this: RTCPeerConnection, options?: RTCOfferOptions) => Promise<RTCSessionDescriptionInit>;
  const prototype = RTCPeerConnection.prototype as unknown as { createOffer: CreateOffer };
  const { createOffer } = prototype;
  prototype.createOffer = async function (options) {
    const { type, sdp } = await createOffer.call(this, options);
    return { type, sdp: isHidden ? sdp?.replaceAll('H264/90000', 'UNKNOWN/90000') : sdp };
  };
}

function removeWebRtc(): void {
  Reflect.deleteProperty(window, 'RTCPeerConnection');
}

describe('a browser that cannot play the live video', () => {
  let classroom: Classroom;
  let lectureId: LectureId;
  let encoder: SyntheticEncoder;

  it.beforeAll(async ({ classroom: shared }) => {
    classroom = shared;
    lectureId = await classroom.startLecture();
    encoder = new SyntheticEncoder({ url: await classroom.streamUrl(), profile: 'gentle', sizePx: '320x180', shows: 'flash' });
    await until('the recording', async () => (await classroom.ada.api.getLecture({ params: { lectureId } })).videoId);
  });

  it.afterAll(() => encoder?.stop());

  async function openRoom(name: string, prepare: () => void): Promise<Page> {
    const room = await classroom.openPage(await classroom.student(name), '/');
    await room.addInitScript(prepare);
    await room.goto(`${classroom.url}/live/${lectureId}`);
    return room;
  }

  const showsVideo = (page: Page) => until('the video', async () => (await frameFingerprint(page.locator('video').first())).length > 0);

  it('is told that it lacks the decoder, and gets the video as soon as it has one', async () => {
    const room = await openRoom('Noor', hideH264);
    await room.getByText(en.room.obstacles.unsupported.title).waitFor();
    expect(await room.getByText(en.room.audioOnly).count()).toBe(0);
    await room.evaluate(() => window.installsH264());
    await showsVideo(room);
    await room.getByText(en.room.obstacles.unsupported.title).waitFor({ state: 'hidden' });
  });

  it('is told that it has no WebRTC, and can chat and watch from the beginning', async () => {
    const room = await openRoom('Mateo', removeWebRtc);
    await room.getByText(en.room.obstacles.noWebRtc.title).waitFor();
    await room.getByRole('textbox', { name: en.chat.write }).fill('I can only read.');
    await room.getByRole('button', { name: en.chat.send }).click();
    await room.getByRole('tabpanel').getByText('I can only read.').waitFor();
    await room.locator('.stage__note').getByRole('link', { name: en.room.fromBeginning }).click();
    await until('the replay to play', async () => (await room.locator('video').first().evaluate((video: HTMLVideoElement) => video.currentTime)) > 1);
  });
});
