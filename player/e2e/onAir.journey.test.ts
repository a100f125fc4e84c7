import { describe, expect } from 'vitest';
import type { Page } from 'playwright-core';
import type { LectureId } from '#engine/contract';
import { until } from '#engine/testing';
import { SyntheticEncoder } from '../demo/SyntheticEncoder.ts';
import { en } from '../text/en.ts';
import type { Classroom } from './Classroom.ts';
import { it } from './classroomTest.ts';
import { installChangingDevices } from './changingDevices.ts';
import { colours, coloursIn, recordedColours } from './colours.ts';
import { startButton } from './goLive.ts';

/** Long enough for a keyframe of each source. */
const partMs = 3000;

describe('a lecture that is sent from OBS and from the studio', () => {
  let classroom: Classroom;
  let lectureId: LectureId;
  let encoder: SyntheticEncoder;
  let room: Page;
  let studio: Page;

  it.beforeAll(async ({ classroom: shared }) => {
    classroom = shared;
    lectureId = await classroom.startLecture();
    encoder = new SyntheticEncoder({ url: await classroom.streamUrl(), profile: 'gentle', sizePx: '320x180', videoFilter: `drawbox=color=0x${colours.green}:t=fill` });
    room = await classroom.openPage(await classroom.student('Noor'), `/live/${lectureId}`);
    studio = await openStudio();
  });

  it.afterAll(() => encoder?.stop());

  async function openStudio(): Promise<Page> {
    const page = await classroom.openPage(classroom.ada, '/');
    await page.addInitScript(installChangingDevices);
    await page.goto(`${classroom.url}/studio/${lectureId}`);
    return page;
  }

  /** Students see this colour and nothing else. */
  const shows = (colour: string) => until(`only ${colour}`, async () => (await coloursIn(room)).join() === colour);

  async function takeOver(page: Page): Promise<void> {
    await startButton(page).click();
    await page.getByRole('dialog').getByRole('button', { name: en.studio.takeOverDo }).click();
  }

  it('shows OBS to students and in the studio, which says that its own camera is off the air', async () => {
    await shows('green');
    await studio.getByText(en.studio.onAirHint(en.studio.rivals.encoder)).waitFor();
    await until('OBS in the studio', async () => (await coloursIn(studio)).includes('green'));
    expect(await studio.getByText(en.studio.levelHeard).count()).toBe(0);
    await room.waitForTimeout(partMs);
  });

  it('switches to the studio when the instructor takes over, and back to OBS when the broadcast is paused', async () => {
    await takeOver(studio);
    await shows('red');
    await studio.getByText(en.studio.encoderStandby).first().waitFor();
    await room.waitForTimeout(partMs);
    await studio.getByRole('button', { name: en.studio.stopSending }).click();
    await shows('green');
    await room.waitForTimeout(partMs);
  });

  it('stays in the first studio when a second one opens, and moves when that one takes over', async () => {
    await takeOver(studio);
    await shows('red');
    const second = await openStudio();
    await second.getByText(en.studio.onAirHint(en.studio.rivals.ownTab)).waitFor();
    await shows('red');
    expect(await studio.getByRole('button', { name: en.studio.stopSending }).count()).toBe(1);
    await second.evaluate((shown) => window.changeVideo.camera(shown), { widthPx: 320, heightPx: 180, colour: `#${colours.blue}` });
    await takeOver(second);
    await shows('blue');
    await studio.getByText(en.studio.takenOver(en.studio.rivals.ownTab)).waitFor();
    await room.waitForTimeout(partMs);
    await second.close();
    await shows('green');
    await room.waitForTimeout(partMs);
  });

  it('asks before it leaves a studio that is on the air, by its link and by the Back button', async () => {
    await takeOver(studio);
    await shows('red');
    await room.waitForTimeout(partMs);
    const question = studio.getByRole('dialog', { name: en.studio.leaveTitle });
    for (const leave of [() => studio.getByRole('link', { name: en.room.backToCourse }).click(), () => studio.goBack()]) {
      await leave();
      await question.getByRole('button', { name: en.actions.cancel }).click();
      await question.waitFor({ state: 'hidden' });
    }
    await shows('red');
    await studio.getByRole('link', { name: en.room.backToCourse }).click();
    await question.getByRole('button', { name: en.studio.leaveDo }).click();
    await studio.waitForURL(/\/courses\//);
    await shows('green');
  });

  it('has in its recording what students saw', async () => {
    await room.waitForTimeout(partMs);
    const { videoId } = await classroom.endRecorded(lectureId);
    const { tracks } = await classroom.ada.api.getPlayback({ params: { videoId } });
    expect(tracks).toHaveLength(1);
    const [track] = tracks;
    if (!track) throw new Error('expected a track');
    const colourAt = await recordedColours(`${classroom.url}${track.masterUrl}`);
    const seen = Array.from({ length: Math.floor(track.durationSeconds * 5) }, (_, index) => colourAt(index / 5));
    const parts = seen.filter((colour, index) => colour !== 'black' && colour !== seen.slice(0, index).findLast((earlier) => earlier !== 'black'));
    expect(parts).toEqual(['green', 'red', 'green', 'red', 'blue', 'green', 'red', 'green']);
  });
});
