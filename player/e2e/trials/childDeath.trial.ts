import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import type { CourseId, LectureId } from '#engine/contract';
import { until } from '#engine/testing';
import { SyntheticEncoder } from '../../demo/SyntheticEncoder.ts';
import type { Person } from '../../demo/Person.ts';
import { en } from '../../text/en.ts';
import { Classroom } from '../Classroom.ts';
import { installFlashingDevices } from '../flashingDevices.ts';
import { videoTimes, audioTimes } from '../flashTimes.ts';
import { installFrameWatch, longestPause, watchedIn } from '../frameWatch.ts';
import { childrenOf, isThere } from './childProcesses.ts';
import type { ChildRole } from './childProcesses.ts';
import { TrialReport } from './TrialReport.ts';
import { trialSize } from './trialSize.ts';

const rounds = trialSize({ short: 1, long: 20 });
const noticedWithinMs = 3000;
/** Starting ffmpeg on a busy machine, and decoding what came since the last keyframe: OBS sends one every 8.33 s. */
const startMs = 3000;
/** One keyframe of the browser, and an ffmpeg that starts: less than what a blow is looked at for. */
const vp8StartMs = 1000;
/** What a recording may lack that nobody calls a hole: some frames. */
const recordedHoleMs = 150;
/** Recorder and viewers each wait for a keyframe of a browser, which they ask for at their own times. */
const keyframeMs = 500;
/** ffmpeg that dies younger waits before it is started again. */
const settledMs = 6000;
const flowingMs = 700;
/** Long: how soon it is back is judged by what was seen, and not by this. */
const flowsAgainWithinMs = 60_000;
/** Small, so that the browser's encoder is not what is tried. */
const cameraVideo = { widthPx: 640, heightPx: 360, frameRate: 30, hums: true };

interface Blow {
  what: ChildRole;
  signal: 'SIGKILL' | 'SIGSTOP';
  struckAtMs: number;
  noticedAfterMs: number;
  lastsUntilMs: number;
}

/** One lecture with who watches it. */
interface Watched {
  source: 'OBS' | 'browser' | 'browser with VP8';
  lectureId: LectureId;
  room: Page;
}

describe('a media worker or an ffmpeg that dies or hangs in the middle of a lecture', () => {
  const report = new TrialReport('childDeath');
  const blows: Blow[] = [];
  let classroom: Classroom;
  let acoustics: CourseId;
  let encoder: SyntheticEncoder;
  let obs: Watched;
  let browser: Watched;
  /** What a page takes to its first picture when nothing has died: on a machine that is busy, coming back takes as much longer. */
  let joinMs: number;

  const watch = async (person: Person, lectureId: LectureId) => {
    const room = await classroom.openPage(person, '/');
    await room.addInitScript(installFrameWatch);
    await room.goto(`${classroom.server.url}/live/${lectureId}`);
    return room;
  };
  const goLive = async (lectureId: LectureId, initScript?: () => void) => {
    const studio = await classroom.openPage(classroom.ada, '/');
    await studio.addInitScript(installFlashingDevices, cameraVideo);
    if (initScript) await studio.addInitScript(initScript);
    await studio.goto(`${classroom.server.url}/studio/${lectureId}`);
    await studio.getByRole('button', { name: new RegExp(`${en.studio.goLive}|${en.studio.continueLive}`) }).click();
    return studio;
  };
  const strike = async (what: ChildRole, signal: Blow['signal']) => {
    const blow = await strikeChild(classroom.server.pid ?? 0, { what, signal, watched: [obs, browser] });
    blows.push(blow);
    // In between, a process works for a while; one round of each has other blows in between.
    if (rounds > 1) await obs.room.waitForTimeout(settledMs);
    return blow;
  };
  const recordingOf = async (lectureId: LectureId) => {
    const { startedAt, videoId } = await classroom.endRecorded(lectureId);
    const { tracks } = await classroom.ada.api.getPlayback({ params: { videoId } });
    const toMs = (seconds: number[]) => seconds.map((at) => Date.parse(startedAt ?? '') + at * 1000);
    const url = `${classroom.server.url}${tracks[0]?.masterUrl ?? ''}`;
    return { pictures: async () => toMs(await videoTimes(url)), sounds: async () => toMs(await audioTimes(url)) };
  };

  beforeAll(async () => {
    classroom = await Classroom.open();
    const [noor, mateo] = [await classroom.student('Noor'), await classroom.student('Mateo')];
    acoustics = (await classroom.ada.api.createCourse({ body: { title: 'Acoustics', description: '', enrolmentPolicy: 'open' } })).id;
    await mateo.api.enrol({ params: { courseId: acoustics }, body: {} });
    const fromObs = await classroom.startLecture();
    const { id: fromBrowser } = await classroom.ada.api.startLecture({ body: { courseId: acoustics, title: 'From the browser', isRecorded: true } });
    encoder = new SyntheticEncoder({ url: await classroom.streamUrl(), profile: 'obs', sizePx: '640x360' });
    await goLive(fromBrowser);
    obs = { source: 'OBS', lectureId: fromObs, room: await watch(noor, fromObs) };
    browser = { source: 'browser', lectureId: fromBrowser, room: await watch(mateo, fromBrowser) };
    await until('both pictures', async () => (await isFlowing(obs)) && (await isFlowing(browser)), 40_000);
    joinMs = await timeToPicture(obs);
    await until('the re-encoded picture', () => childrenOf(classroom.server.pid ?? 0, 'picture ffmpeg').length === 1);
  });

  afterAll(async () => {
    await encoder.stop();
    await classroom.close();
  });

  const limitHere = (limitMs: number, { noticedAfterMs }: Blow) => Math.max(limitMs, noticedAfterMs + 2 * joinMs);

  it.each([
    ['dies', 'SIGKILL', noticedWithinMs],
    ['hangs', 'SIGSTOP', 2 * noticedWithinMs],
  ] as const)('brings everyone back within seconds when the media worker %s', async (_how, signal, limitMs) => {
    for (let round = 0; round < rounds; round += 1) {
      const blow = await strike('media worker', signal);
      for (const watched of [obs, browser]) {
        const seen = await seenOf(watched, blow);
        report.add(rowOf(watched, blow, seen));
        expect.soft(seen.videoBackAfterMs, `${watched.source}, round ${round + 1}`).toBeLessThan(limitHere(limitMs, blow));
        expect.soft(seen.audioBackAfterMs, `sound of ${watched.source}, round ${round + 1}`).toBeLessThan(limitHere(limitMs, blow));
      }
      expect.soft(blow.noticedAfterMs).toBeLessThan(noticedWithinMs);
    }
  });

  it.each([
    ['dies', 'picture ffmpeg', 'SIGKILL'],
    ['hangs', 'picture ffmpeg', 'SIGSTOP'],
    ['dies', 'sound ffmpeg', 'SIGKILL'],
    ['hangs', 'sound ffmpeg', 'SIGSTOP'],
  ] as const)('replaces one that %s: the %s', async (...[, what, signal]) => {
    const limitMs = signal === 'SIGKILL' ? startMs : noticedWithinMs + startMs;
    for (let round = 0; round < rounds; round += 1) {
      const blow = await strike(what, signal);
      const seen = await seenOf(obs, blow);
      report.add(rowOf(obs, blow, seen));
      expect.soft(blow.noticedAfterMs).toBeLessThan(noticedWithinMs);
      expect.soft(what === 'picture ffmpeg' ? seen.videoBackAfterMs : seen.audioBackAfterMs, `round ${round + 1}`).toBeLessThan(limitHere(limitMs, blow));
      expect.soft(childrenOf(classroom.server.pid ?? 0, what)).toHaveLength(1);
    }
  });

  it('has recordings without a hole from the encoder, and with none longer than the outage from the browser', async () => {
    await obs.room.waitForTimeout(1500);
    for (const watched of [obs, browser]) {
      const recording = await recordingOf(watched.lectureId);
      const [pictures, sounds] = [await recording.pictures(), await recording.sounds()];
      const { pictures: shown, sounds: heard } = await watchedIn(watched.room);
      for (const blow of blows) {
        const [from, to] = [blow.struckAtMs - 1000, blow.lastsUntilMs - 100];
        const [holeMs, soundHoleMs] = [longestPause(pictures, from, to).pauseMs, longestPause(sounds, from, to).pauseMs];
        // What an encoder sends does not pass through the worker on its way to the recording.
        const [outageMs, soundOutageMs] = watched === obs ? [0, 0] : [longestPause(shown, from, to).pauseMs, longestPause(heard, from, to).pauseMs];
        report.add({ recording: watched.source, what: blow.what, signal: blow.signal, 'hole ms': Math.round(holeMs), 'hole in the sound ms': Math.round(soundHoleMs), 'picture away ms': outageMs, 'sound away ms': soundOutageMs });
        const spareMs = watched === obs ? recordedHoleMs : recordedHoleMs + keyframeMs;
        expect.soft(holeMs, `${watched.source}, ${blow.what} ${blow.signal}`).toBeLessThan(spareMs + outageMs);
        expect.soft(soundHoleMs, `sound of ${watched.source}, ${blow.what} ${blow.signal}`).toBeLessThan(recordedHoleMs + soundOutageMs);
      }
    }
  });

  it('goes on recording a browser without H.264 when the ffmpeg of the recording dies or hangs', async () => {
    const { id: lectureId } = await classroom.ada.api.startLecture({ body: { courseId: acoustics, title: 'In VP8', isRecorded: true } });
    await goLive(lectureId, withoutH264);
    const vp8: Watched = { source: 'browser with VP8', lectureId, room: browser.room };
    await vp8.room.goto(`${classroom.server.url}/live/${lectureId}`);
    await until('the picture', () => isFlowing(vp8), 30_000);
    await until('its recording', () => childrenOf(classroom.server.pid ?? 0, 'VP8 ffmpeg').length === 1);
    const struck: Blow[] = [];
    for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
      for (let round = 0; round < rounds; round += 1) {
        await vp8.room.waitForTimeout(2500);
        const blow = await strikeChild(classroom.server.pid ?? 0, { what: 'VP8 ffmpeg', signal, watched: [vp8] });
        struck.push(blow);
        expect.soft(blow.noticedAfterMs).toBeLessThan(noticedWithinMs);
      }
    }
    await vp8.room.waitForTimeout(1500);
    const pictures = await (await recordingOf(lectureId)).pictures();
    for (const blow of struck) {
      const holeMs = longestPause(pictures, blow.struckAtMs - 1000, blow.lastsUntilMs).pauseMs;
      report.add({ recording: vp8.source, what: blow.what, signal: blow.signal, 'noticed after ms': blow.noticedAfterMs, 'hole ms': Math.round(holeMs) });
      expect.soft(holeMs, blow.signal).toBeLessThan(blow.noticedAfterMs + Math.max(vp8StartMs, 2 * joinMs));
    }
  });

  it('leaves no process behind', async () => {
    await encoder.stop();
    await until('every ffmpeg to be gone', () => (['picture ffmpeg', 'sound ffmpeg', 'VP8 ffmpeg'] as const).every((role) => childrenOf(classroom.server.pid ?? 0, role).length === 0));
    expect(childrenOf(classroom.server.pid ?? 0, 'media worker')).toHaveLength(1);
  });
});

/** Runs in the page before its scripts: a browser that can do VP8 only. */
function withoutH264(): void {
  window.RTCPeerConnection = class extends RTCPeerConnection {
    override addTransceiver(...given: Parameters<RTCPeerConnection['addTransceiver']>): RTCRtpTransceiver {
      const transceiver = super.addTransceiver(...given);
      const codecs = RTCRtpSender.getCapabilities('video')?.codecs.filter(({ mimeType }) => mimeType === 'video/VP8') ?? [];
      if (transceiver.receiver.track.kind === 'video') transceiver.setCodecPreferences(codecs);
      return transceiver;
    }
  };
}

async function strikeChild(serverPid: number, { what, signal, watched }: Pick<Blow, 'what' | 'signal'> & { watched: readonly Watched[] }): Promise<Blow> {
  const [pid] = childrenOf(serverPid, what);
  if (pid === undefined) throw new Error(`there is no ${what}`);
  const struckAtMs = Date.now();
  process.kill(pid, signal);
  await until(`the ${what} to be given up`, () => !isThere(pid), 20_000);
  const noticedAfterMs = Date.now() - struckAtMs;
  await until(`another ${what}`, () => childrenOf(serverPid, what).some((other) => other !== pid), 20_000);
  await watched[0]?.room.waitForTimeout(1500);
  for (const each of watched) await until(`the lecture from ${each.source} to flow again`, () => isFlowing(each), flowsAgainWithinMs);
  return { what, signal, struckAtMs, noticedAfterMs, lastsUntilMs: Date.now() };
}

async function isFlowing({ room }: Watched): Promise<boolean> {
  const { pictures, sounds } = await watchedIn(room, Date.now() - flowingMs);
  return pictures.length >= 8 && sounds.length >= 5;
}

async function timeToPicture({ room }: Watched): Promise<number> {
  const fromMs = Date.now();
  await room.reload();
  return (await until('the picture after a reload', async () => (await watchedIn(room)).pictures[0], 40_000)) - fromMs;
}

interface Seen {
  videoBackAfterMs: number;
  audioBackAfterMs: number;
  longestFreezeMs: number;
}

async function seenOf({ room }: Watched, { struckAtMs, lastsUntilMs }: Blow): Promise<Seen> {
  const { pictures, sounds } = await watchedIn(room);
  const [picture, sound] = [longestPause(pictures, struckAtMs - 500, lastsUntilMs), longestPause(sounds, struckAtMs - 500, lastsUntilMs)];
  const backAfter = ({ pauseMs, overAtMs }: typeof picture) => (pauseMs < 300 ? 0 : Math.max(0, overAtMs - struckAtMs));
  return { videoBackAfterMs: backAfter(picture), audioBackAfterMs: backAfter(sound), longestFreezeMs: picture.pauseMs };
}

function rowOf({ source }: Watched, blow: Blow, seen: Seen) {
  return {
    what: blow.what,
    signal: blow.signal,
    source,
    'noticed after ms': blow.noticedAfterMs,
    'picture back after ms': seen.videoBackAfterMs,
    'sound back after ms': seen.audioBackAfterMs,
    'longest freeze ms': seen.longestFreezeMs,
  };
}
