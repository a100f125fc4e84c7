import { describe, expect } from 'vitest';
import type { Page } from 'playwright-core';
import { until } from '#engine/testing';
import { VideoId } from '#engine/contract';
import { en } from '../text/en.ts';
import { it } from './classroomTest.ts';
import { goLive } from './goLive.ts';

/** A busy machine takes several times as long as a quiet one. */
const patient = { timeout: 60_000 };

/** Makes a clip on this page, and resolves with the id in its link. */
async function makeClip(page: Page, title: string): Promise<VideoId> {
  await page.getByRole('button', { name: en.clips.make }).click(patient);
  const dialog = page.getByRole('dialog', { name: en.clips.title });
  await dialog.getByRole('slider', { name: en.clips.start }).press('ArrowRight');
  await dialog.getByLabel(en.clips.name).fill(title);
  await dialog.getByRole('button', { name: en.clips.create }).click();
  await dialog.getByText(en.clips.made).waitFor(patient);
  return VideoId.parse((await dialog.locator('.copy__value').innerText()).split('/').at(-1));
}

describe('a clip', () => {
  it('is made from live and from a replay, is played by others, and comes and goes with its original', async ({ classroom }) => {
    const { ada, courseId } = classroom;
    const [vic, will] = await Promise.all([classroom.student('Vic'), classroom.student('Will')]);
    await ada.api.updateCourse({ params: { courseId }, body: { clipsBy: 'members' } }, { ifUnchanged: await ada.api.getCourse({ params: { courseId } }) });
    const lectureId = await classroom.startLecture('Refraction');
    await goLive(classroom, lectureId);
    const recorded = async () => (await ada.api.listVideos({ params: { courseId } })).videos.find((video) => video.lectureId === lectureId && video.durationSeconds > 8);
    await until('eight seconds of video', async () => (await recorded()) !== undefined, 60_000);

    const room = await classroom.openPage(ada, `/live/${lectureId}`);
    const ofLive = await makeClip(room, 'From live');
    await room.close();
    const viewer = await classroom.openPage(will, `/watch/${ofLive}`);
    const playedSeconds = () => viewer.locator('video').first().evaluate((video: HTMLVideoElement) => video.duration);
    const { video: live } = await will.api.getPlayback({ params: { videoId: ofLive } });
    expect(live).toMatchObject({ source: 'clip', state: 'ready', title: 'From live' });
    await until('the clip of the live lecture', async () => Math.abs((await playedSeconds()) - live.durationSeconds) < 0.5, 60_000);

    const { videoId } = await classroom.endRecorded(lectureId);
    const replay = await classroom.openPage(vic, `/watch/${videoId}?t=0m2s`);
    const ofReplay = await makeClip(replay, 'From the replay');
    await replay.close();
    for (const id of [ofLive, ofReplay]) {
      const { video, kept } = await will.api.getPlayback({ params: { videoId: id } });
      expect(kept).toEqual([{ startSeconds: video.clipOf?.startSeconds, endSeconds: video.clipOf?.endSeconds }]);
      await viewer.goto(`${classroom.url}/watch/${id}`);
      await until('exactly that part', async () => Math.abs((await playedSeconds()) - video.durationSeconds) < 0.5, 60_000);
    }

    await ada.api.deleteVideo({ params: { videoId } });
    await viewer.reload();
    await viewer.getByText(en.watch.closedTitle).waitFor(patient);
    await ada.api.restoreVideo({ params: { videoId } });
    await viewer.reload();
    await until('the clip again', async () => (await playedSeconds()) > 0, 60_000);
  });
});
