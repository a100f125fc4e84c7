import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import type { SharingAddresses, SharingLink } from '#api/contract';
import type { VideoId } from '#engine/contract';
import { until } from '#engine/testing';
import { SyntheticEncoder } from '../demo/SyntheticEncoder.ts';
import { en } from '../text/en.ts';
import type { Classroom } from './Classroom.ts';
import { it } from './classroomTest.ts';

const run = promisify(execFile);
const recordedSeconds = 4;

describe('a shared video', () => {
  let classroom: Classroom;
  let browser: Browser;
  let videoId: VideoId;
  let link: SharingLink;
  let addresses: SharingAddresses;
  let otherSite: Server;
  let framed: Page;

  it.beforeAll(async ({ classroom: shared, browser: chromium }) => {
    [classroom, browser] = [shared, chromium];
    otherSite = createServer((_request, response) => void response.setHeader('content-type', 'text/html').end('<!doctype html><link rel="icon" href="data:,"><body></body>'));
    await new Promise<void>((resolve) => otherSite.listen(0, '127.0.0.1', resolve));
    const lectureId = await classroom.startLecture('Interference');
    const encoder = new SyntheticEncoder({ url: await classroom.streamUrl(), profile: 'obs', sizePx: '320x180' });
    await until('a recording of some seconds', async () => {
      const { videoId: recorded } = await classroom.ada.api.getLecture({ params: { lectureId } });
      return recorded !== null && (await classroom.ada.api.getVideo({ params: { videoId: recorded } })).durationSeconds >= recordedSeconds;
    }, 60_000);
    await encoder.stop();
    ({ videoId } = await classroom.endRecorded(lectureId));
    const site = `http://127.0.0.1:${(otherSite.address() as AddressInfo).port}`;
    ({ link, addresses } = await classroom.ada.api.createLink({ params: { videoId }, body: { label: 'Open day', sites: [site] } }));
  }, 120_000);

  it.afterAll(() => void otherSite?.close());

  it('plays for a stranger, without an account and without a cookie', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(new URL(new URL(addresses.pageUrl).pathname, classroom.url).href);
    await page.getByRole('heading', { name: 'Interference' }).waitFor();
    expect(await plays(page)).toBe(true);
    expect(asked.filter((path) => path.startsWith('/api/')).map((path) => path.replace(addresses.token, '…'))).toEqual(['/api/v1/shared/…', '/api/v1/shared/…/stream']);
    expect(await context.cookies()).toEqual([]);
    await context.close();
  });

  it('plays in a frame of an allowed site, and in no other', async () => {
    framed = await (await browser.newContext()).newPage();
    const embedUrl = new URL(new URL(addresses.embedUrl).pathname, classroom.url).href;
    const show = async (host: string) => {
      await framed.goto(`http://${host}:${(otherSite.address() as AddressInfo).port}/`);
      await framed.evaluate((src) => document.body.append(Object.assign(document.createElement('iframe'), { src, width: 640, height: 360, allow: 'autoplay' })), embedUrl);
    };
    const blocked = framed.waitForEvent('console', (message) => /frame-ancestors/.test(message.text()));
    await show('localhost');
    await blocked;
    await show('127.0.0.1');
    const frame = framed.frameLocator('iframe');
    await frame.locator('video').waitFor();
    await frame.locator('video').evaluate((video: HTMLVideoElement) => void ((video.muted = true), video.play()));
    expect(await until('the video in the frame', () => frame.locator('video').evaluate((video: HTMLVideoElement) => video.currentTime > 0.3))).toBe(true);
  });

  it('opens in another player by its URL, and on another origin', async () => {
    const url = new URL(new URL(addresses.playerUrl).pathname, classroom.url).href;
    const { stdout } = await run('ffprobe', ['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0', url]);
    expect(stdout).toContain('h264');
    expect(await framed.evaluate(async (address) => (await (await fetch(address)).text()).startsWith('#EXTM3U'), url)).toBe(true);
  });

  it('is downloaded as one file that ffmpeg decodes in full', async () => {
    const { url } = await classroom.ada.api.createVideoFile({ params: { videoId } });
    const { durationSeconds } = await classroom.ada.api.getVideo({ params: { videoId } });
    const { stdout } = await run('ffprobe', ['-v', 'error', '-count_frames', '-show_entries', 'format=duration:stream=codec_name', '-of', 'json', `${classroom.url}${url}`]);
    const { streams, format } = JSON.parse(stdout) as { streams: { codec_name: string }[]; format: { duration: string } };
    expect(streams.map(({ codec_name }) => codec_name)).toEqual(['h264', 'aac']);
    expect(Math.abs(Number(format.duration) - durationSeconds)).toBeLessThan(0.3);
  });

  it('opens to those with a link when an instructor creates one on its page', async () => {
    await classroom.ada.api.updateSharing({ params: { videoId }, body: { visibility: 'course' } });
    const page = await classroom.openPage(classroom.ada, `/videos/${videoId}?tab=sharing`);
    await page.getByText(en.sharing.courseOnly).waitFor();
    await page.getByRole('button', { name: en.sharing.add }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(en.sharing.label).fill('Evening class');
    await dialog.getByRole('button', { name: en.sharing.add }).click();
    const address = await dialog.getByRole('group', { name: en.sharing.page, exact: true }).innerText();
    expect(new URL(address.trim()).pathname).toMatch(/^\/v\/./);
    await dialog.getByRole('button', { name: en.sharing.done }).click();
    await page.getByText('Evening class').waitFor();
    await page.getByRole('radio', { name: en.videoPage.visibilities.link.label, checked: true }).waitFor();
    expect(await classroom.ada.api.getVideo({ params: { videoId } })).toMatchObject({ visibility: 'link' });
  });

  it('stops when its link is revoked', async () => {
    await classroom.ada.api.deleteLink({ params: { videoId, linkId: link.id } });
    await framed.goto(new URL(new URL(addresses.pageUrl).pathname, classroom.url).href);
    await framed.getByText('This link doesn’t work').waitFor();
    await framed.context().close();
  });

  it('is restored from the list of deleted videos', async () => {
    await classroom.ada.api.deleteVideo({ params: { videoId } });
    const page = await classroom.openPage(classroom.ada, '/library?view=deleted');
    const item = page.getByRole('listitem').filter({ hasText: 'Interference' });
    await item.getByRole('button', { name: 'Restore' }).click();
    await item.waitFor({ state: 'detached' });
    expect(await classroom.ada.api.getVideo({ params: { videoId } })).toMatchObject({ deletedAt: null });
  });
});

/** Playback moves. */
async function plays(page: Page): Promise<boolean> {
  const video = page.locator('video');
  await video.evaluate((element: HTMLVideoElement) => void ((element.muted = true), element.play()));
  return until('the video to play', () => video.evaluate((element: HTMLVideoElement) => element.currentTime > 0.3));
}
