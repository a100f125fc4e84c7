import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import type { VideoId } from '#engine/contract';
import { until } from '#engine/testing';
import { SyntheticEncoder } from '../demo/SyntheticEncoder.ts';
import type { Classroom } from './Classroom.ts';
import { it } from './classroomTest.ts';
import { colours, coloursIn, nameOf } from './colours.ts';
import type { Colour } from './colours.ts';
import { playToEnd } from './replay.ts';

const run = promisify(execFile);

/** Four seconds of each colour. */
const inColours = (['red', 'green', 'blue'] as const).map((colour, index) => `drawbox=w=iw:h=ih:t=fill:color=0x${colours[colour]}:enable=between(t\\,${4 * index}\\,${4 * index + 3.999})`).join(',');

describe('a part of a recording that is cut', () => {
  it('is gone in a browser and in ffmpeg, also by the addresses of before, and is back when that is undone', async ({ classroom }) => {
    const videoId = await recordColours(classroom);
    const video = { params: { videoId } };
    const { ada } = classroom;
    const sam = await classroom.student('Sam');
    const frames = await decoded(classroom, videoId);
    expect([...new Set(frames.map(({ colour }) => colour))]).toEqual(expect.arrayContaining(['red', 'green', 'blue']));
    const green = frames.filter(({ colour }) => colour === 'green').map(({ seconds }) => seconds);
    const [startMs, endMs] = [Math.min(...green) * 1000, Math.max(...green) * 1000 + 40];
    const before = await sam.api.getPlayback(video);
    const playlist = await mediaPlaylist(classroom, before.tracks[0]?.masterUrl ?? '');

    await ada.api.setEdits({ ...video, body: { cuts: [{ startMs, endMs }] } });
    const after = await decoded(classroom, videoId);
    expect(after.map(({ colour }) => colour)).not.toContain('green');
    expect(after.map(({ colour }) => colour)).toContain('blue');
    const { cuts } = await ada.api.getEdits(video);
    const cut = playlist.filter(({ startSeconds, endSeconds }) => startSeconds * 1000 >= (cuts[0]?.startMs ?? 0) - 1 && endSeconds * 1000 <= (cuts[0]?.endMs ?? 0) + 1);
    expect(cut.length).toBeGreaterThan(1);
    for (const { url } of cut) expect((await fetch(url)).status).toBe(404);

    const page = await classroom.openPage(sam, `/watch/${videoId}?t=0`);
    const played = await playToEnd(page.locator('video').first(), 4);
    expect(played.durationSeconds).toBeCloseTo((await sam.api.getVideo(video)).durationSeconds, 0);
    expect(await coloursWhilePlaying(page)).not.toContain('green');

    await ada.api.setEdits({ ...video, body: { cuts: [] } });
    expect((await decoded(classroom, videoId)).map(({ colour }) => colour)).toContain('green');
    await page.reload();
    await until('the video', () => page.locator('video').first().evaluate((element: HTMLVideoElement) => element.readyState >= 2), 60_000);
    expect(await coloursWhilePlaying(page)).toContain('green');
    await page.close();
  });
});

async function recordColours(classroom: Classroom): Promise<VideoId> {
  const lectureId = await classroom.startLecture('Colours');
  const encoder = new SyntheticEncoder({ url: await classroom.streamUrl(), profile: 'gentle', sizePx: '320x180', frameRate: 30, durationSeconds: 12, videoFilter: inColours });
  await encoder.exited;
  return (await classroom.endRecorded(lectureId)).videoId;
}

/** The frames of the current playlist as ffmpeg decodes them, with the colour of each. */
async function decoded({ url, ada }: Classroom, videoId: VideoId): Promise<{ seconds: number; colour: Colour | 'black' }[]> {
  const { tracks } = await ada.api.getPlayback({ params: { videoId } });
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-i', new URL(tracks[0]?.masterUrl ?? '', url).href, '-map', '0:v:0', '-vf', 'scale=1:1', '-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], { encoding: 'buffer', maxBuffer: 2 ** 24 });
  return Array.from({ length: Math.floor(stdout.length / 3) }, (_, index) => ({ seconds: index / 30, colour: nameOf([...stdout.subarray(3 * index, 3 * index + 3)]) }));
}

/** The segments of the video of a multivariant playlist, with their addresses. */
async function mediaPlaylist({ url }: Classroom, masterUrl: string): Promise<{ startSeconds: number; endSeconds: number; url: string }[]> {
  const master = new URL(masterUrl, url).href;
  const media = new URL(((await (await fetch(master)).text()).match(/^[^#].*$/m) ?? [''])[0], master).href;
  let seconds = 0;
  return [...(await (await fetch(media)).text()).matchAll(/#EXTINF:([\d.]+),\n(\S+)/g)].map(([, duration, uri = '']) => {
    const startSeconds = seconds;
    seconds += Number(duration);
    return { startSeconds, endSeconds: seconds, url: new URL(uri, media).href };
  });
}

/** What a viewer sees once a second. */
async function coloursWhilePlaying(page: Page): Promise<(Colour | 'black')[]> {
  const video = page.locator('video').first();
  const seconds = await video.evaluate((element: HTMLVideoElement) => element.duration);
  const seen: (Colour | 'black')[] = [];
  for (let at = 0.25; at < seconds - 0.3; at += 1) {
    await video.evaluate(async (element: HTMLVideoElement, to) => {
      element.pause();
      element.currentTime = to;
      if (element.seeking) await new Promise((resolve) => element.addEventListener('seeked', resolve, { once: true }));
    }, at);
    await until('the frame', () => video.evaluate((element: HTMLVideoElement) => !element.seeking && element.readyState >= 2), 30_000);
    seen.push(...(await coloursIn(page)));
  }
  return seen;
}
