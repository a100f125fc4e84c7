import { describe, expect } from 'vitest';
import type { Page } from 'playwright-core';
import type { CourseId, LectureId } from '#engine/contract';
import { until } from '#engine/testing';
import { SyntheticEncoder } from '../../demo/SyntheticEncoder.ts';
import type { Person } from '../../demo/Person.ts';
import { Classroom } from '../Classroom.ts';
import { it } from '../classroomTest.ts';
import { installFlashingDevices } from '../flashingDevices.ts';
import { audioStepSeconds, audioTimes, videoTimes } from '../flashTimes.ts';
import { longestPause, seenIn, watchFrames } from '../frameWatch.ts';
import { goLive } from '../goLive.ts';
import { childrenOf, isThere } from './childProcesses.ts';
import type { ChildRole } from './childProcesses.ts';
import { TrialReport } from './TrialReport.ts';
import { isLongRun, trialSize } from './trialSize.ts';

const rounds = trialSize({ short: 1, long: 20 });
const noticedWithinMs = 3000;
/** Starting ffmpeg on a busy machine, and decoding what came since the last keyframe: OBS sends one every 8.33 s. */
const startMs = 3000;
/** One keyframe of the browser, and an ffmpeg that starts. */
const vp8StartMs = 1000;
/** A few frames, which nobody calls a gap. */
const fewFramesMs = 150;
const fewFrames = 5;
/** An interrupted ffmpeg sends the frames that its encoder still holds, half a second of video, but no more audio. */
const heldSeconds = 1;
/** Recorder and viewers each request a keyframe of a browser, at times of their own. */
const keyframeMs = 500;
/** An ffmpeg that dies younger is restarted after a delay. */
const settledMs = 6000;
const replacedWithinMs = 60_000;
const flowsAgainWithinMs = 120_000;
/** Small: the encoder of the browser is not what is tried. */
const cameraVideo = { widthPx: trialSize({ short: 320, long: 640 }), heightPx: trialSize({ short: 180, long: 360 }), frameRate: trialSize({ short: 15, long: 30 }), hasBackgroundTone: true };

/** A measurement of audio is as exact as this. */
const audioEveryMs = trialSize({ short: 250, long: 50 });

type Signal = 'SIGKILL' | 'SIGSTOP';
type ChildCase = readonly [how: string, what: ChildRole, signal: Signal];

/** In `npm test` each role once: `rtmpPublish.integration.test.ts` has the others. */
const ffmpegCases: readonly ChildCase[] = [
  ['dies', 'video ffmpeg', 'SIGKILL'],
  ['hangs', 'audio ffmpeg', 'SIGSTOP'],
  ...(isLongRun ? ([['hangs', 'video ffmpeg', 'SIGSTOP'], ['dies', 'audio ffmpeg', 'SIGKILL']] as const) : []),
];

interface Failure {
  what: ChildRole;
  signal: Signal;
  atMs: number;
  noticedAfterMs: number;
  lastsUntilMs: number;
}

/** A lecture and a page that watches it. */
interface Watched {
  source: 'OBS' | 'browser' | 'browser with VP8';
  lectureId: LectureId;
  room: Page;
}

describe('a lecture whose media worker or ffmpeg dies or hangs', () => {
  const report = new TrialReport('childDeath');
  const failures: Failure[] = [];
  let classroom: Classroom;
  let acoustics: CourseId;
  let encoder: SyntheticEncoder;
  let obs: Watched;
  let browser: Watched;
  /** From opening the page to its first frame while nothing fails: coming back takes longer where this does. */
  let joinMs = 0;

  const watch = async (person: Person, lectureId: LectureId) => {
    const room = await classroom.openPage(person, '/');
    await watchFrames(room, { audioEveryMs });
    await room.goto(`${classroom.server.url}/live/${lectureId}`);
    return room;
  };
  const sendFromBrowser = (lectureId: LectureId, initScript?: () => void) =>
    goLive(classroom, lectureId, async (studio) => {
      await studio.addInitScript(installFlashingDevices, cameraVideo);
      if (initScript) await studio.addInitScript(initScript);
    });
  const fail = async (what: ChildRole, signal: Signal) => {
    const failure = await failChild(classroom.server.pid ?? 0, { what, signal, watched: [obs, browser] });
    failures.push(failure);
    // A process has to work for a while between two failures. With one round of each, other failures come in between.
    if (rounds > 1) await obs.room.waitForTimeout(settledMs);
    return failure;
  };
  const recordingOf = async (lectureId: LectureId) => {
    const { startedAt, videoId } = await classroom.endRecorded(lectureId);
    const { tracks } = await classroom.ada.api.getPlayback({ params: { videoId } });
    const toMs = (seconds: number[]) => seconds.map((at) => Date.parse(startedAt ?? '') + at * 1000);
    const url = `${classroom.server.url}${tracks[0]?.masterUrl ?? ''}`;
    return { frames: toMs(await videoTimes(url)), audio: toMs(await audioTimes(url)) };
  };

  it.beforeAll(async ({ browser: chromium }) => {
    classroom = await Classroom.open({ browser: chromium });
    const [noor, mateo] = [await classroom.student('Noor'), await classroom.student('Mateo')];
    acoustics = await classroom.addCourse('Acoustics', [mateo]);
    const fromObs = await classroom.startLecture();
    const fromBrowser = await classroom.startLecture('From the browser', acoustics);
    encoder = new SyntheticEncoder({ url: await classroom.streamUrl(), profile: 'obs', sizePx: isLongRun ? '640x360' : '320x180' });
    await sendFromBrowser(fromBrowser);
    obs = { source: 'OBS', lectureId: fromObs, room: await watch(noor, fromObs) };
    browser = { source: 'browser', lectureId: fromBrowser, room: await watch(mateo, fromBrowser) };
    await until('video from both', async () => (await isFlowing(obs)) && (await isFlowing(browser)), flowsAgainWithinMs);
    if (isLongRun) joinMs = await timeToFirstFrame(obs);
    await until('the re-encoded video', () => childrenOf(classroom.server.pid ?? 0, 'video ffmpeg').length === 1);
  });

  it.afterAll(async () => {
    await encoder?.stop();
    await classroom?.close();
  });

  const limitHere = (limitMs: number, { noticedAfterMs }: Failure) => Math.max(limitMs, noticedAfterMs + 2 * joinMs);

  it.each([
    ['dies', 'SIGKILL', noticedWithinMs],
    ['hangs', 'SIGSTOP', 2 * noticedWithinMs],
  ] as const)('is shown again, from both sources, when the media worker %s', async (_how, signal, limitMs) => {
    for (let round = 0; round < rounds; round += 1) {
      const failure = await fail('media worker', signal);
      expect(childrenOf(classroom.server.pid ?? 0, 'media worker')).toHaveLength(1);
      for (const watched of [obs, browser]) {
        const observed = await observe(watched, failure);
        report.add(rowOf(watched, failure, observed));
        if (!isLongRun) continue;
        expect.soft(observed.videoBackAfterMs, `${watched.source}, round ${round + 1}`).toBeLessThan(limitHere(limitMs, failure));
        expect.soft(observed.audioBackAfterMs, `audio of ${watched.source}, round ${round + 1}`).toBeLessThan(limitHere(limitMs, failure));
      }
      if (isLongRun) expect.soft(failure.noticedAfterMs).toBeLessThan(noticedWithinMs);
    }
  });

  it.each(ffmpegCases)('goes on with another one when it %s: the %s', async (...[, what, signal]) => {
    const limitMs = signal === 'SIGKILL' ? startMs : noticedWithinMs + startMs;
    for (let round = 0; round < rounds; round += 1) {
      const failure = await fail(what, signal);
      const observed = await observe(obs, failure);
      report.add(rowOf(obs, failure, observed));
      expect.soft(childrenOf(classroom.server.pid ?? 0, what)).toHaveLength(1);
      if (!isLongRun) continue;
      expect.soft(failure.noticedAfterMs).toBeLessThan(noticedWithinMs);
      expect.soft(what === 'video ffmpeg' ? observed.videoBackAfterMs : observed.audioBackAfterMs, `round ${round + 1}`).toBeLessThan(limitHere(limitMs, failure));
    }
  });

  it('has all that the encoder has sent in its recording, and from the browser no gap longer than the outage', async () => {
    await obs.room.waitForTimeout(1500);
    await encoder.stop();
    // The recording of an encoder does not depend on the media worker.
    const fromEncoder = await recordingOf(obs.lectureId);
    expect(fromEncoder.frames.length).toBeGreaterThanOrEqual(encoder.pushed.frames - fewFrames);
    expect(fromEncoder.audio.length * audioStepSeconds).toBeGreaterThan(encoder.pushed.seconds - heldSeconds);
    expect(longestPause(fromEncoder.audio, fromEncoder.audio[0] ?? NaN, fromEncoder.audio.at(-1) ?? NaN).pauseMs).toBeLessThan(fewFramesMs);
    if (isLongRun) expectNoGap(fromEncoder, () => ({ video: 0, audio: 0 }));
    const fromBrowser = await recordingOf(browser.lectureId);
    expect(fromBrowser.frames.length).toBeGreaterThan(0);
    if (!isLongRun) return;
    const seen = await seenIn(browser.room);
    expectNoGap(fromBrowser, (from, to) => ({ video: longestPause(seen.frames, from, to).pauseMs + keyframeMs, audio: longestPause(seen.audio, from, to).pauseMs }));
  });

  /** Around each failure, no gap is longer than the outage in the room. */
  function expectNoGap(recording: { frames: number[]; audio: number[] }, outageMs: (from: number, to: number) => { video: number; audio: number }): void {
    for (const { what, signal, atMs, lastsUntilMs } of failures) {
      const [from, to] = [atMs - 1000, lastsUntilMs - 100];
      const [gapMs, audioGapMs] = [longestPause(recording.frames, from, to).pauseMs, longestPause(recording.audio, from, to).pauseMs];
      const outage = outageMs(from, to);
      report.add({ what, signal, 'gap ms': Math.round(gapMs), 'audio gap ms': Math.round(audioGapMs), 'video outage ms': outage.video, 'audio outage ms': outage.audio });
      expect.soft(gapMs, `${what} ${signal}`).toBeLessThan(fewFramesMs + outage.video);
      expect.soft(audioGapMs, `audio, ${what} ${signal}`).toBeLessThan(fewFramesMs + outage.audio);
    }
  }

  // In `npm test`, `Vp8Assembler.integration.test.ts` has this without a browser.
  if (isLongRun) it('is recorded on when the ffmpeg of a recording in VP8 dies or hangs', async () => {
    const lectureId = await classroom.startLecture('In VP8', acoustics);
    await sendFromBrowser(lectureId, withoutH264);
    const vp8: Watched = { source: 'browser with VP8', lectureId, room: browser.room };
    await vp8.room.goto(`${classroom.server.url}/live/${lectureId}`);
    await until('the video', () => isFlowing(vp8), flowsAgainWithinMs);
    await until('its recording', () => childrenOf(classroom.server.pid ?? 0, 'VP8 ffmpeg').length === 1);
    const vp8Failures: Failure[] = [];
    for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
      for (let round = 0; round < rounds; round += 1) {
        await vp8.room.waitForTimeout(2500);
        const failure = await failChild(classroom.server.pid ?? 0, { what: 'VP8 ffmpeg', signal, watched: [vp8] });
        vp8Failures.push(failure);
        expect.soft(failure.noticedAfterMs).toBeLessThan(noticedWithinMs);
      }
    }
    await vp8.room.waitForTimeout(1500);
    const { frames } = await recordingOf(lectureId);
    for (const failure of vp8Failures) {
      const gapMs = longestPause(frames, failure.atMs - 1000, failure.lastsUntilMs).pauseMs;
      report.add({ recording: vp8.source, what: failure.what, signal: failure.signal, 'noticed after ms': failure.noticedAfterMs, 'gap ms': Math.round(gapMs) });
      expect.soft(gapMs, failure.signal).toBeLessThan(failure.noticedAfterMs + Math.max(vp8StartMs, 2 * joinMs));
    }
  });

  it('leaves no process behind', async () => {
    await encoder.stop();
    await until('every ffmpeg to end', () => (['video ffmpeg', 'audio ffmpeg', 'VP8 ffmpeg'] as const).every((role) => childrenOf(classroom.server.pid ?? 0, role).length === 0));
    expect(childrenOf(classroom.server.pid ?? 0, 'media worker')).toHaveLength(1);
  });
});

/** Runs in the page before its scripts: a browser that sends VP8 only. */
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

/** Kills or stops the child, and waits until another one has taken its place and every lecture flows again. */
async function failChild(serverPid: number, { what, signal, watched }: Pick<Failure, 'what' | 'signal'> & { watched: readonly Watched[] }): Promise<Failure> {
  const [pid] = childrenOf(serverPid, what);
  if (pid === undefined) throw new Error(`there is no ${what}`);
  const atMs = Date.now();
  process.kill(pid, signal);
  await until(`the ${what} to be given up`, () => !isThere(pid), replacedWithinMs);
  const noticedAfterMs = Date.now() - atMs;
  await until(`another ${what}`, () => childrenOf(serverPid, what).some((other) => other !== pid), replacedWithinMs);
  await watched[0]?.room.waitForTimeout(1500);
  for (const each of watched) await until(`the lecture from ${each.source} to flow again`, () => isFlowing(each), flowsAgainWithinMs);
  return { what, signal, atMs, noticedAfterMs, lastsUntilMs: Date.now() };
}

const flowing = { withinMs: 1500, frames: 5, audio: 3 };

async function isFlowing({ room }: Watched): Promise<boolean> {
  const { frames, audio } = await seenIn(room, Date.now() - flowing.withinMs);
  return frames.length >= flowing.frames && audio.length >= flowing.audio;
}

async function timeToFirstFrame({ room }: Watched): Promise<number> {
  const fromMs = Date.now();
  await room.reload();
  return (await until('the video after a reload', async () => (await seenIn(room)).frames[0], 60_000)) - fromMs;
}

interface Observed {
  videoBackAfterMs: number;
  audioBackAfterMs: number;
  longestFreezeMs: number;
}

async function observe({ room }: Watched, { atMs, lastsUntilMs }: Failure): Promise<Observed> {
  const { frames, audio } = await seenIn(room);
  const [ofVideo, ofAudio] = [longestPause(frames, atMs - 500, lastsUntilMs), longestPause(audio, atMs - 500, lastsUntilMs)];
  const backAfter = ({ pauseMs, overAtMs }: typeof ofVideo) => (pauseMs < 300 ? 0 : Math.max(0, overAtMs - atMs));
  return { videoBackAfterMs: backAfter(ofVideo), audioBackAfterMs: backAfter(ofAudio), longestFreezeMs: ofVideo.pauseMs };
}

function rowOf({ source }: Watched, failure: Failure, observed: Observed) {
  return {
    what: failure.what,
    signal: failure.signal,
    source,
    'noticed after ms': failure.noticedAfterMs,
    'video back after ms': observed.videoBackAfterMs,
    'audio back after ms': observed.audioBackAfterMs,
    'longest freeze ms': observed.longestFreezeMs,
  };
}
