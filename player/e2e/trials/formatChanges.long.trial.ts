import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import type { Page } from 'playwright-core';
import type { LectureId, VideoId } from '#engine/contract';
import { until } from '#engine/testing';
import type { Person } from '../../demo/Person.ts';
import { en } from '../../text/en.ts';
import { installChangingDevices } from '../changingDevices.ts';
import { checkPlaylists } from '../checkPlaylists.ts';
import type { Classroom } from '../Classroom.ts';
import { it } from '../classroomTest.ts';
import { colours, coloursIn, recordedColours } from '../colours.ts';
import type { Colour } from '../colours.ts';
import { decodeErrors, decodeTimes, stepsBack } from '../decodePlaylist.ts';
import { encodeClip, FlvPusher, withAudioOf } from '../FlvPusher.ts';
import type { Clip, ClipOptions } from '../FlvPusher.ts';
import { goLive } from '../goLive.ts';
import { playToEnd } from '../replay.ts';
import { TrialReport } from './TrialReport.ts';
import { isLongRun, trialSize } from './trialSize.ts';

const clipSeconds = trialSize({ short: 2, long: 30 });
/** A clip is pushed again until it is seen. */
const seenWithinMs = 60_000;
const settledMs = { afterChange: 1500, afterSeen: 500 };
/** How much longer it is sent. */
const spareMs = 1000;
const reconnectMs = 2000;
/** Longer than what players count as the live edge: three times EXT-X-TARGETDURATION. */
const beyondLiveEdgeSeconds = 40;

interface Step extends Omit<ClipOptions, 'colour'> {
  what: string;
  colour: Colour;
  isNewConnection?: boolean;
}

const first: Step = { what: 'beginning: Baseline, 640x360, 30 fps, 48 kHz mono', colour: 'red', sizePx: '640x360', frameRate: 30, profile: 'baseline', bFrames: 0, audioHz: 48_000, channels: 1 };
const smaller: Step = { ...first, what: 'resolution to 320x180', colour: 'green', sizePx: '320x180' };
const slower: Step = { ...smaller, what: 'frame rate to 15', colour: 'blue', frameRate: 15 };
const resampled: Step = { ...slower, what: 'audio to 44.1 kHz', colour: 'yellow', audioHz: 44_100 };
const stereo: Step = { ...resampled, what: 'audio to stereo', colour: 'magenta', channels: 2 };
const main: Step = { ...stereo, what: 'profile to Main', colour: 'red', profile: 'main' };
const high: Step = { ...main, what: 'profile to High with B-frames: re-encoded from here', colour: 'cyan', profile: 'high', bFrames: 2, frameRate: 30 };
const larger: Step = { ...high, what: 're-encoded: resolution to 854x480', colour: 'orange', sizePx: '854x480' };
const reconnected: Step = { ...larger, what: 'new connection: 1280x720, no B-frames, 48 kHz', colour: 'white', sizePx: '1280x720', bFrames: 0, audioHz: 48_000, isNewConnection: true };
const steps = isLongRun ? [first, smaller, slower, resampled, stereo, main, high, larger, reconnected] : [first, stereo, high, reconnected];

interface BrowserStep {
  what: string;
  device: 'camera' | 'screen';
  colour: Colour;
  widthPx: number;
  heightPx: number;
}

const allBrowserSteps: readonly BrowserStep[] = [
  { what: 'screen: to a smaller window', device: 'screen', colour: 'blue', widthPx: 800, heightPx: 600 },
  { what: 'camera: to 1280x720', device: 'camera', colour: 'yellow', widthPx: 1280, heightPx: 720 },
  { what: 'screen: to a large window', device: 'screen', colour: 'magenta', widthPx: 1920, heightPx: 1080 },
  { what: 'camera: upright', device: 'camera', colour: 'cyan', widthPx: 360, heightPx: 640 },
  { what: 'screen: to a narrow window of odd size', device: 'screen', colour: 'orange', widthPx: 501, heightPx: 803 },
];
/** In `npm test` one of each device. The large formats take a core of their own. */
const browserSteps = isLongRun ? allBrowserSteps : allBrowserSteps.slice(-2);

interface Change {
  what: string;
  colour: Colour;
  device: 'camera' | 'screen';
  atMs: number;
  seenAfterMs: number | undefined;
}

describe('a lecture whose format changes in the middle', () => {
  const report = new TrialReport('formatChanges');
  let folder: string;
  let classroom: Classroom;
  let noor: Person;
  const clips = new Map<Step, Clip>();

  it.beforeAll(async ({ classroom: shared }) => {
    classroom = shared;
    folder = await mkdtemp(path.join(tmpdir(), 'lectern-clips-'));
    noor = await classroom.student('Noor');
    for (const step of new Set([...steps, slower, resampled])) clips.set(step, await encodeClip(folder, clipSeconds, { ...step, colour: `0x${colours[step.colour]}` }));
  });

  it.afterAll(() => rm(folder, { recursive: true, force: true }));

  const showing = async (room: Page, { what, colour, device = 'camera' }: { what: string; colour: Colour; device?: 'camera' | 'screen' }): Promise<Change> => {
    const atMs = Date.now();
    const isSeen = until(what, async () => (await coloursIn(room)).includes(colour), seenWithinMs);
    return { what, colour, device, atMs, seenAfterMs: await isSeen.then(() => Date.now() - atMs, () => undefined) };
  };

  const judge = async (lectureId: LectureId, changes: readonly Change[]) => {
    const { videoId, startedAt } = await classroom.endRecorded(lectureId);
    const { tracks } = await noor.api.getPlayback({ params: { videoId } });
    const recorded = new Map<string, (seconds: number) => string>();
    const problems: string[] = [];
    for (const { source, masterUrl } of tracks) {
      const url = `${classroom.server.url}${masterUrl}`;
      problems.push(...(await problemsOf(url, source === 'screen' ? ['screen-video'] : ['main-video', 'main-audio'])).map((problem) => `${source}: ${problem}`));
      recorded.set(source, await recordedColours(url));
    }
    const zeroMs = Date.parse(startedAt ?? '');
    const moments = changes.map((change) => ({ ...change, seconds: (judgedAtMs(change) - zeroMs) / 1000 }));
    const played = await playedColours(videoId, moments);
    const rows = moments.map(({ what, colour, device, seconds, seenAfterMs }, index) => ({
      change: what,
      'seen live after s': seenAfterMs === undefined ? 'never' : Math.round(seenAfterMs / 10) / 100,
      'recording in ffmpeg': recorded.get(device)?.(seconds) === colour ? 'new video' : `${recorded.get(device)?.(seconds) ?? 'nothing'} instead of ${colour}`,
      'replay in Chromium': played[index]?.includes(colour) ? 'new video' : `${played[index]?.join() ?? 'nothing'} instead of ${colour}`,
    }));
    for (const row of rows) report.add(row);
    return { rows, problems };
  };

  /** Plays the replay to its end, then seeks to each of these times; what all its videos show then. */
  const playedColours = async (videoId: VideoId, moments: readonly { seconds: number; colour: Colour }[]): Promise<Colour[][]> => {
    const page = await classroom.openPage(noor, `/watch/${videoId}`);
    const video = page.locator('video').first();
    await playToEnd(video);
    const shown: Colour[][] = [];
    for (const { seconds, colour } of moments) {
      await video.evaluate((element: HTMLVideoElement, to) => {
        element.playbackRate = 1;
        element.pause();
        element.currentTime = to;
      }, seconds);
      await until('the seek to end', () => page.evaluate(() => [...document.querySelectorAll('video')].every((one) => !one.seeking && one.readyState >= 2)));
      // The second video follows the first.
      await until('the frame to be drawn', async () => (await coloursIn(page)).includes(colour)).catch(() => undefined);
      shown.push((await coloursIn(page)).filter((each) => each !== 'black'));
    }
    await page.close();
    return shown;
  };

  const expectNewVideo = (rows: Awaited<ReturnType<typeof judge>>['rows']) => {
    for (const row of rows) {
      expect(row).toMatchObject({ 'seen live after s': expect.any(Number) as number, 'recording in ffmpeg': 'new video', 'replay in Chromium': 'new video' });
    }
  };

  it('is seen live, recorded and replayed over RTMP, within a connection and with a new one', async () => {
    const lectureId = await classroom.startLecture();
    const streamUrl = await classroom.streamUrl();
    const room = await classroom.openPage(noor, `/live/${lectureId}`);
    const changes: Change[] = [];
    let pusher = await FlvPusher.open(streamUrl);
    for (const step of steps) {
      if (step.isNewConnection) {
        pusher.close();
        await room.waitForTimeout(reconnectMs);
        pusher = await FlvPusher.open(streamUrl);
      }
      let isOver = false;
      const change = showing(room, step);
      // The recording is judged some time after the video was seen: it must show it until after that moment.
      void change.then(() => sleep(settledMs.afterSeen + spareMs)).finally(() => (isOver = true));
      do await pusher.push(clips.get(step) as Clip);
      while (!isOver);
      changes.push(await change);
    }
    pusher.close();
    await room.close();
    const { rows, problems } = await judge(lectureId, changes);
    expect(problems).toEqual([]);
    expectNewVideo(rows);
  });

  if (isLongRun) it('lets a late viewer watch from the beginning when only the audio has changed, between two keyframes', async () => {
    const courseId = await classroom.addCourse('Harmony', [noor]);
    const lectureId = await classroom.startLecture('Two formats of audio', courseId);
    const [one, other] = [clips.get(slower) as Clip, clips.get(resampled) as Clip];
    const pusher = await FlvPusher.open(await classroom.streamUrl(courseId));
    let isWatched = false;
    const pushing = (async () => {
      for (let seconds = 0; seconds < beyondLiveEdgeSeconds; seconds += clipSeconds) await pusher.push(one);
      await pusher.push(withAudioOf(one, other, 1500));
      while (!isWatched) await pusher.push({ ...one, tags: withAudioOf(one, other, 0).tags });
    })();
    try {
      const videoId = await until('a recording', async () => (await noor.api.getLecture({ params: { lectureId } })).videoId ?? undefined);
      const playlist = async (track: string) => {
        const { tracks } = await noor.api.getPlayback({ params: { videoId } });
        return (await fetch(`${classroom.server.url}${tracks[0]?.masterUrl.replace(/[^/]+$/, `${track}.m3u8`)}`)).text();
      };
      const hasChanged = async (track: string) => (await playlist(track).catch(() => '')).includes('EXT-X-DISCONTINUITY\n');
      await until('both tracks to have changed', async () => (await hasChanged('main-video')) && (await hasChanged('main-audio')), beyondLiveEdgeSeconds * 1000 + 60_000);
      const page = await classroom.openPage(noor, `/watch/${videoId}`);
      const video = page.locator('video').first();
      const position = () =>
        video.evaluate((element: HTMLVideoElement) => {
          element.muted = true;
          if (element.paused) element.play().catch(() => undefined);
          return { atSeconds: element.currentTime, beganSeconds: element.played.length > 0 ? element.played.start(0) : Infinity };
        });
      await until('the first seconds to play', async () => (await position()).atSeconds > 3);
      expect((await position()).beganSeconds).toBeLessThan(1);
    } finally {
      isWatched = true;
      await pushing;
      pusher.close();
    }
  });

  it('is seen live, recorded and replayed from the browser, camera and screen', async () => {
    const courseId = await classroom.addCourse('Acoustics', [noor]);
    const lectureId = await classroom.startLecture('From the browser', courseId);
    const studio = await goLive(classroom, lectureId, (page) => page.addInitScript(installChangingDevices));
    const room = await classroom.openPage(noor, `/live/${lectureId}`);
    await until('the camera', async () => (await coloursIn(room)).includes('red'), seenWithinMs);
    await studio.getByRole('button', { name: en.studio.screenOn }).click();
    await until('the screen', async () => (await coloursIn(room)).includes('green'), seenWithinMs);
    const changes: Change[] = [];
    for (const step of browserSteps) {
      await studio.waitForTimeout(1000);
      const next = { ...step, colour: `#${colours[step.colour]}` };
      await studio.evaluate(({ device, ...shown }) => window.changeVideo[device](shown), next);
      const change = await showing(room, step);
      await studio.waitForTimeout(Math.max(0, judgedAtMs(change) + spareMs - Date.now(), change.atMs + clipSeconds * 1000 - 1000 - Date.now()));
      changes.push(change);
    }
    await room.close();
    const { rows, problems } = await judge(lectureId, changes);
    await studio.close();
    expect(problems).toEqual([]);
    expectNewVideo(rows);
  });
});

/** When the recording must show the new format. */
function judgedAtMs({ atMs, seenAfterMs = 0 }: Change): number {
  return atMs + Math.max(settledMs.afterChange, seenAfterMs + settledMs.afterSeen);
}

async function problemsOf(url: string, tracks: readonly string[]): Promise<string[]> {
  const problems = await checkPlaylists(url);
  const errors = await decodeErrors(url);
  if (errors !== '') problems.push(`ffmpeg: ${errors}`);
  for (const track of tracks) {
    const back = stepsBack(await decodeTimes(url.replace(/\w+\.m3u8$/, `${track}.m3u8`)));
    if (back.length > 0) problems.push(`${track} steps back: ${back.join(', ')}`);
  }
  return problems;
}
