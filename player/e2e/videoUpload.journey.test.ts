import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import type { VideoId } from '#engine/contract';
import { until } from '#engine/testing';
import { en } from '../text/en.ts';
import type { Classroom } from './Classroom.ts';
import { it } from './classroomTest.ts';

const run = promisify(execFile);
const [widthPx, heightPx, seconds] = [640, 480, 20];
/** So slow that the upload takes some seconds without the limit being lifted. */
const slowBytesPerSecond = 400_000;

/** A video with noise, so that it is large for its length. */
async function makeVideo(folder: string): Promise<string> {
  const file = path.join(folder, 'optics_lab.mp4');
  const video = ['-f', 'lavfi', '-i', `testsrc2=s=${widthPx}x${heightPx}:r=25,noise=alls=40:allf=t`, '-f', 'lavfi', '-i', 'sine=440:r=48000'];
  const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-b:v', '1M', '-maxrate', '1M', '-bufsize', '1M', '-g', '50', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-movflags', '+faststart'];
  await run('ffmpeg', ['-v', 'error', '-y', ...video, '-t', String(seconds), ...codecs, file]);
  return file;
}

/** Limits what the page sends; undefined lifts the limit. */
async function limitUpload(page: Page, bytesPerSecond: number | undefined): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: bytesPerSecond ?? -1 });
}

const videoHeight = (page: Page) => page.evaluate(() => document.querySelector('video')?.videoHeight ?? 0);

describe('a video that is uploaded', () => {
  let classroom: Classroom;
  let folder: string;
  let file: string;
  let page: Page;
  let videoId: VideoId;

  it.beforeAll(async ({ classroom: shared }) => {
    classroom = shared;
    folder = await mkdtemp(path.join(tmpdir(), 'lectern-upload-'));
    file = await makeVideo(folder);
    page = await classroom.openPage(classroom.ada, `/courses/${classroom.courseId}?tab=videos`);
  });
  it.afterAll(() => rm(folder, { recursive: true, force: true }));

  it('goes on where it was when the page is loaded again in the middle, with the title given before', async () => {
    await limitUpload(page, slowBytesPerSecond);
    await page.locator('input[type=file]').first().setInputFiles(file);
    await page.getByRole('button', { name: en.uploads.show }).click();
    await page.getByRole('link', { name: en.uploads.allUploads }).click();
    const title = page.getByLabel(en.uploads.editTitle('optics_lab.mp4'));
    await title.fill('The optics lab');
    await title.press('Enter');
    await until('a part of the file is sent', async () => /^[1-9]\d?%/.test(await page.title()));
    page.once('dialog', (dialog) => void dialog.accept());
    await page.reload();

    await page.getByText(en.uploads.stages.needsFile).waitFor();
    expect(await page.getByLabel(en.uploads.editTitle('optics_lab.mp4')).inputValue()).toBe('The optics lab');
    await limitUpload(page, undefined);
    const continued = page.waitForRequest((request) => request.method() === 'PATCH');
    await page.locator('input[type=file]').first().setInputFiles(file);
    const offset = Number((await continued).headers()['upload-offset']);
    expect(offset).toBeGreaterThan(0);
    expect(offset).toBeLessThan((await stat(file)).size);
    await page.getByText(en.uploads.isReady('The optics lab')).first().waitFor();
  });

  it('is watched at two qualities', async () => {
    const { videos } = await classroom.ada.api.listVideos({ params: { courseId: classroom.courseId } });
    const uploaded = videos.find(({ title }) => title === 'The optics lab');
    if (!uploaded) throw new Error('the video is not in its course');
    videoId = uploaded.id;
    await until('all qualities are made', async () => (await classroom.ada.api.getVideo({ params: { videoId } })).work === null, 240_000);
    await page.goto(`${classroom.url}/watch/${videoId}`);
    await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0);
    // The next segment is of the chosen quality.
    for (const quality of [240, heightPx]) {
      await page.locator('media-controller').hover();
      await page.getByRole('button', { name: en.watch.quality }).click();
      await page.getByRole('menuitemradio', { name: en.watch.qualityName(quality), exact: true }).click();
      await until(`the video plays at ${quality}p`, async () => (await videoHeight(page)) === quality);
    }
  });

  it('is edited on its page, found in the library and opened to everybody there', async () => {
    await page.goto(`${classroom.url}/videos/${videoId}`);
    await page.getByLabel(en.videoPage.fields.title, { exact: true }).fill('Gratings and prisms');
    await page.getByRole('button', { name: en.actions.save }).click();
    await page.getByText(en.videoPage.saved).waitFor();

    await page.goto(`${classroom.url}/library?search=prisms`);
    await page.getByText('Gratings and prisms').waitFor();
    await page.getByRole('checkbox', { name: en.library.select('Gratings and prisms') }).check();
    const actions = page.getByRole('region', { name: en.library.bulk });
    await actions.getByRole('button', { name: en.library.changeVisibility }).click();
    await page.getByRole('menuitem', { name: en.library.visibilities.public }).click();
    await page.getByText(en.library.changed(1)).waitFor();
    await page.goto(`${classroom.url}/library?visibility=public`);
    await page.getByText('Gratings and prisms').waitFor();
    await page.goto(`${classroom.url}/library?state=failed`);
    await page.getByText(en.library.nothingFoundTitle).waitFor();
  });
});
