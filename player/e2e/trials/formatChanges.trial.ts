import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import type { LectureId, VideoId } from '#engine/contract';
import { until } from '#engine/testing';
import type { Person } from '../../demo/Person.ts';
import { en } from '../../text/en.ts';
import { installChangingDevices } from '../changingDevices.ts';
import { checkPlaylists } from '../checkPlaylists.ts';
import { Classroom } from '../Classroom.ts';
import { colours, coloursIn, recordedColours } from '../colours.ts';
import type { Colour } from '../colours.ts';
import { encodeClip, FlvPusher, withAudioOf } from '../FlvPusher.ts';
import type { Clip, ClipOptions } from '../FlvPusher.ts';
import { playToEnd } from '../replay.ts';
import { decodeErrors, decodeTimes, stepsBack } from '../decodePlaylist.ts';
import { TrialReport } from './TrialReport.ts';
import { trialSize } from './trialSize.ts';

const clipSeconds = trialSize({ short: 3, long: 30 });
/** Browsers and encoders share this machine; a piece is pushed again until its picture is seen. */
const seenWithinMs = 12_000;
/** After a change, when its picture must be there in the recording; and after it was seen live, on a machine that is slow with it. */
const settledMs = { afterChange: 1500, afterSeen: 500 };
/** How much longer a picture is pushed than until the moment in which the recording must show it. */
const spareMs = 500;
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
const resampled: Step = { ...slower, what: 'sound to 44.1 kHz', colour: 'yellow', audioHz: 44_100 };
const stereo: Step = { ...resampled, what: 'sound to stereo', colour: 'magenta', channels: 2 };
const main: Step = { ...stereo, what: 'profile to Main', colour: 'red', profile: 'main' };
const high: Step = { ...main, what: 'profile to High with B-frames: re-encoded from here', colour: 'cyan', profile: 'high', bFrames: 2, frameRate: 30 };
const larger: Step = { ...high, what: 're-encoded: resolution to 854x480', colour: 'orange', sizePx: '854x480' };
const again: Step = { ...larger, what: 'connected anew: 1280x720, no B-frames, 48 kHz', colour: 'white', sizePx: '1280x720', bFrames: 0, audioHz: 48_000, isNewConnection: true };
const steps = [first, smaller, slower, resampled, stereo, main, high, larger, again];

interface BrowserStep {
  what: string;
  device: 'camera' | 'screen';
  colour: Colour;
  widthPx: number;
  heightPx: number;
}

const browserSteps: readonly BrowserStep[] = [
  { what: 'screen: to a smaller window', device: 'screen', colour: 'blue', widthPx: 800, heightPx: 600 },
  { what: 'camera: to 1280x720', device: 'camera', colour: 'yellow', widthPx: 1280, heightPx: 720 },
  { what: 'screen: to a large window', device: 'screen', colour: 'magenta', widthPx: 1920, heightPx: 1080 },
  { what: 'camera: upright', device: 'camera', colour: 'cyan', widthPx: 360, heightPx: 640 },
  { what: 'screen: to a narrow window of odd size', device: 'screen', colour: 'orange', widthPx: 501, heightPx: 803 },
];

interface Seen {
  what: string;
  colour: Colour;
  device: 'camera' | 'screen';
  atMs: number;
  seenAfterMs: number | undefined;
}

describe('a lecture whose picture changes in the middle', () => {
  const report = new TrialReport('pictureChanges');
  let folder: string;
  let classroom: Classroom;
  let noor: Person;
  const clips = new Map<Step, Clip>();
  const pages: Record<'program' | 'browser' | 'studio', Page | undefined> = { program: undefined, browser: undefined, studio: undefined };

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'lectern-clips-'));
    classroom = await Classroom.open();
    noor = await classroom.student('Noor');
    pages.program = await classroom.openPage(noor, '/');
    pages.browser = await classroom.openPage(noor, '/');
    pages.studio = await classroom.openPage(classroom.ada, '/');
    for (const step of steps) clips.set(step, await encodeClip(folder, clipSeconds, { ...step, colour: `0x${colours[step.colour]}` }));
  });

  const goTo = async (page: Page | undefined, address: string): Promise<Page> => {
    if (!page) throw new Error('the pages were opened before');
    await page.goto(`${classroom.server.url}${address}`);
    return page;
  };

  afterAll(async () => {
    await classroom.close();
    await rm(folder, { recursive: true });
  });

  const seenIn = async (room: Page, { what, colour, device = 'camera' }: { what: string; colour: Colour; device?: 'camera' | 'screen' }): Promise<Seen> => {
    const atMs = Date.now();
    const isSeen = until(what, async () => (await coloursIn(room)).includes(colour), seenWithinMs);
    return { what, colour, device, atMs, seenAfterMs: await isSeen.then(() => Date.now() - atMs, () => undefined) };
  };

  const judge = async (lectureId: LectureId, seen: readonly Seen[]) => {
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
    const moments = seen.map((change) => ({ ...change, seconds: (change.atMs - zeroMs + Math.max(settledMs.afterChange, (change.seenAfterMs ?? 0) + settledMs.afterSeen)) / 1000 }));
    const played = await playedColours(videoId, moments);
    const rows = moments.map(({ what, colour, device, seconds, seenAfterMs }, index) => ({
      change: what,
      'live picture new after, s': seenAfterMs === undefined ? 'never' : Math.round(seenAfterMs / 10) / 100,
      'recording in ffmpeg': recorded.get(device)?.(seconds) === colour ? 'new picture' : `${recorded.get(device)?.(seconds) ?? 'nothing'} for ${colour}`,
      'replay in Chromium': played[index]?.includes(colour) ? 'new picture' : `${played[index]?.join() ?? 'nothing'} for ${colour}`,
    }));
    for (const row of rows) report.add(row);
    return { rows, problems };
  };

  /** Plays the replay to its end, then goes to each of these times; what all its pictures show then. */
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
      await until('the picture of that time', () => page.evaluate(() => [...document.querySelectorAll('video')].every((one) => !one.seeking && one.readyState >= 2)), 20_000);
      // The second picture follows the first, and both stand still there.
      await until('the picture to be drawn', async () => (await coloursIn(page)).includes(colour), 5000).catch(() => undefined);
      shown.push((await coloursIn(page)).filter((each) => each !== 'black'));
    }
    return shown;
  };

  const expectNew = (rows: Awaited<ReturnType<typeof judge>>['rows']) => {
    for (const row of rows) {
      expect(row).toMatchObject({ 'live picture new after, s': expect.any(Number) as number, 'recording in ffmpeg': 'new picture', 'replay in Chromium': 'new picture' });
    }
  };

  it.concurrent('over RTMP, within a connection and with a new one: seen live, recorded and replayed', async () => {
    const lectureId = await classroom.startLecture();
    const streamUrl = await classroom.streamUrl();
    const room = await goTo(pages.program, `/live/${lectureId}`);
    const seen: Seen[] = [];
    let pusher = await FlvPusher.open(streamUrl);
    for (const step of steps) {
      if (step.isNewConnection) {
        pusher.close();
        await room.waitForTimeout(reconnectMs);
        pusher = await FlvPusher.open(streamUrl);
      }
      let isOver = false;
      const change = seenIn(room, step);
      // The recording is judged a while after the picture was seen: it must be there until after that moment.
      void change.then(() => sleep(settledMs.afterSeen + spareMs)).finally(() => (isOver = true));
      do await pusher.push(clips.get(step) as Clip);
      while (!isOver);
      seen.push(await change);
    }
    pusher.close();
    const { rows, problems } = await judge(lectureId, seen);
    expect(problems).toEqual([]);
    expectNew(rows);
  });

  it.concurrent('lets who comes late watch from the beginning, when only the sound has changed meanwhile, between two keyframes', async () => {
    const { id: courseId } = await classroom.ada.api.createCourse({ body: { title: 'Harmony', description: '', enrolmentPolicy: 'open' } });
    await noor.api.enrol({ params: { courseId }, body: {} });
    const { id: lectureId } = await classroom.ada.api.startLecture({ body: { courseId, title: 'Two sounds', isRecorded: true } });
    const { serverUrl, streamKey } = await classroom.ada.api.issueStreamKey({ params: { courseId } });
    const [one, other] = [clips.get(slower) as Clip, clips.get(resampled) as Clip];
    const pusher = await FlvPusher.open(`${serverUrl}/${streamKey}`);
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
      await until('both to have changed', async () => (await hasChanged('main-video')) && (await hasChanged('main-audio')), beyondLiveEdgeSeconds * 1000 + 60_000);
      const page = await classroom.openPage(noor, `/watch/${videoId}`);
      const video = page.locator('video').first();
      const stood = () =>
        video.evaluate((element: HTMLVideoElement) => {
          element.muted = true;
          if (element.paused) element.play().catch(() => undefined);
          return { atSeconds: element.currentTime, beganSeconds: element.played.length > 0 ? element.played.start(0) : Infinity };
        });
      await until('the first seconds to play', async () => (await stood()).atSeconds > 3, 20_000);
      expect((await stood()).beganSeconds).toBeLessThan(1);
    } finally {
      isWatched = true;
      await pushing;
      pusher.close();
    }
  });

  it.concurrent('in the browser, camera and screen: seen live, recorded and replayed', async () => {
    const { id: courseId } = await classroom.ada.api.createCourse({ body: { title: 'Acoustics', description: '', enrolmentPolicy: 'open' } });
    await noor.api.enrol({ params: { courseId }, body: {} });
    const { id: lectureId } = await classroom.ada.api.startLecture({ body: { courseId, title: 'From the browser', isRecorded: true } });
    await pages.studio?.addInitScript(installChangingDevices);
    const studio = await goTo(pages.studio, `/studio/${lectureId}`);
    await studio.getByRole('button', { name: new RegExp(`${en.studio.goLive}|${en.studio.continueLive}`) }).click();
    const room = await goTo(pages.browser, `/live/${lectureId}`);
    await until('the camera', async () => (await coloursIn(room)).includes('red'), 20_000);
    await studio.getByRole('button', { name: en.studio.screenOn }).click();
    await until('the screen', async () => (await coloursIn(room)).includes('green'), 20_000);
    const seen: Seen[] = [];
    for (const step of browserSteps) {
      await studio.waitForTimeout(1000);
      const next = { ...step, colour: `#${colours[step.colour]}` };
      await studio.evaluate(({ device, ...shown }) => window.changeVideo[device](shown), next);
      const change = await seenIn(room, step);
      await studio.waitForTimeout(Math.max(0, change.atMs + clipSeconds * 1000 - 1000 - Date.now()));
      seen.push(change);
    }
    const { rows, problems } = await judge(lectureId, seen);
    await studio.close();
    expect(problems).toEqual([]);
    expectNew(rows);
  });
});

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
