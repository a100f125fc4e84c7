import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import type { CourseId, LectureId, VideoId } from '#engine/contract';
import { until } from '#engine/testing';
import { RoomVisit } from '../../demo/RoomVisit.ts';
import { SyntheticEncoder } from '../../demo/SyntheticEncoder.ts';
import { en } from '../../text/en.ts';
import { Classroom } from '../Classroom.ts';
import { installFlashingDevices } from '../flashingDevices.ts';
import { firstFrameSentAtMs, installFirstFrameWatch } from './firstFrameSent.ts';
import { SteppedClock } from './SteppedClock.ts';
import { clockDriftMs, driftMs, measureTime } from './timeMeasured.ts';
import { TrialReport } from './TrialReport.ts';
import { trialSize } from './trialSize.ts';

/** How long each source sends. */
const lectureSeconds = trialSize({ short: 30, long: 2 * 3600 });
const reportEverySeconds = trialSize({ short: 30, long: 600 });
const offsetLimitMs = 80;
const driftLimitMs = 40;
const picture = { widthPx: 320, heightPx: 180, frameRate: 15 };
/** `gentle`: a keyframe every 30 frames. */
const gopSeconds = 30 / picture.frameRate;
/** The wall clock of the server, in the middle of the lecture. */
const stepsSeconds = [3600, -3600, 0];

describe('the time of a lecture from an encoder and of one from the browser', () => {
  const report = new TrialReport('time');
  let clock: SteppedClock | undefined;
  let classroom: Classroom;
  let encoder: SyntheticEncoder;
  let studio: Page;
  let fromEncoder: LectureId;
  let fromBrowser: LectureId;
  /** The lectures, ended: their videos are ready. */
  let recorded: Record<'encoder' | 'browser', Awaited<ReturnType<Classroom['endRecorded']>>>;
  let wentLiveAtMs: number;
  let firstSentAtMs: number;

  beforeAll(async () => {
    clock = await SteppedClock.open();
    classroom = await Classroom.open(clock?.settings);
    const { id: courseId } = await classroom.ada.api.createCourse({ body: { title: 'Acoustics', description: '', enrolmentPolicy: 'open' } });
    fromEncoder = await classroom.startLecture();
    fromBrowser = await startIn(courseId);
    studio = await classroom.openPage(classroom.ada, '/');
    await studio.setViewportSize({ width: 800, height: 600 });
    await studio.addInitScript(installFlashingDevices, picture);
    await studio.addInitScript(installFirstFrameWatch);
    await studio.goto(`${classroom.server.url}/studio/${fromBrowser}`);
  });

  afterAll(async () => {
    await encoder.stop();
    await classroom.close();
    await clock?.close();
  });

  const startIn = async (courseId: CourseId) => (await classroom.ada.api.startLecture({ body: { courseId, title: 'From the browser', isRecorded: true } })).id;

  it('goes on while the clock of the machine is set forth and back', async () => {
    const goLive = studio.getByRole('button', { name: new RegExp(`${en.studio.goLive}|${en.studio.continueLive}`) });
    await goLive.waitFor();
    await studio.waitForTimeout(2000);
    wentLiveAtMs = Date.now();
    await goLive.click();
    encoder = new SyntheticEncoder({ url: await classroom.streamUrl(), profile: 'gentle', sizePx: '320x180', frameRate: picture.frameRate, shows: 'flash', durationSeconds: lectureSeconds });
    firstSentAtMs = await until('the first frame to leave the studio', () => firstFrameSentAtMs(studio));
    for (const [index, offsetSeconds] of stepsSeconds.entries()) {
      await untilSecond(((index + 1) * lectureSeconds) / (stepsSeconds.length + 1));
      if (!clock) continue;
      clock.set(offsetSeconds);
      await until('the clock of the server to be set', async () => Math.abs((await serverClockOffsetSeconds()) - offsetSeconds) < 5);
      await useEverything(`after ${offsetSeconds} s`);
    }
    await untilSecond(lectureSeconds);
    expect(await encoder.exited).toBe(0);
    recorded = { browser: await classroom.endRecorded(fromBrowser), encoder: await classroom.endRecorded(fromEncoder) };
  }, (lectureSeconds + 120) * 1000);

  it.each([
    ['encoder', gopSeconds],
    ['browser', 1],
  ] as const)('is right from the first to the last second of the recording from the %s', async (source, startLimitSeconds) => {
    const lecture = recorded[source];
    const measured = await measureTime(await playlistOf(lecture.videoId));
    const { flashes, beginsAtSeconds, windows, pairs } = measured;
    const [first = NaN, last = NaN] = [flashes[0], flashes.at(-1)];
    for (let end = reportEverySeconds; end - reportEverySeconds < last; end += reportEverySeconds) {
      const slice = windows.filter((window) => window.endsAtSeconds > end - reportEverySeconds && window.endsAtSeconds <= Math.max(end, 60));
      const upTo = { pairs: pairs.filter(({ seconds }) => seconds < end), flashes: flashes.filter((flash) => flash < end) };
      report.add({
        source,
        'up to minute': Math.round(end / 6) / 10,
        flashes: upTo.flashes.length,
        'offset median ms': round(slice.map(({ medianOffsetMs }) => medianOffsetMs).reduce(larger, 0)),
        'offset worst ms': round(slice.map(({ worstOffsetMs }) => worstOffsetMs).reduce(larger, 0)),
        'drift so far ms': round(driftMs(upTo.pairs)),
        'clock against the source ms': round(clockDriftMs(upTo.flashes)),
      });
    }
    const beginsAtMs = Date.parse(lecture.startedAt ?? '') + beginsAtSeconds * 1000;
    // The encoder's flashes are counted from its end, which is whole.
    const missedAtStartSeconds = source === 'encoder' ? lectureSeconds - 1 - Math.round(last - first) - (first - beginsAtSeconds) : (beginsAtMs - firstSentAtMs) / 1000;
    report.add({ source, 'missing at the start s': seconds(missedAtStartSeconds * 1000), 'clock set': clock !== undefined });
    if (source === 'browser') report.add({ source, 'recorded after the click s': seconds(beginsAtMs - wentLiveAtMs) });

    expect.soft(windows.filter(({ medianOffsetMs }) => Math.abs(medianOffsetMs) > offsetLimitMs)).toEqual([]);
    expect.soft(Math.abs(driftMs(pairs)), 'drift').toBeLessThanOrEqual(driftLimitMs);
    expect.soft(Math.abs(clockDriftMs(flashes)), 'drift against the source').toBeLessThanOrEqual(driftLimitMs);
    expect.soft(missedAtStartSeconds, 'missing at the start').toBeLessThanOrEqual(startLimitSeconds);
    expect.soft(holesIn(flashes), 'seconds without a flash').toEqual([]);
    expect.soft(pairs.length, 'flashes without a beep').toBeGreaterThanOrEqual(flashes.length - 1);
    expect.soft(last - first).toBeGreaterThan(lectureSeconds - gopSeconds - 3);
  });

  /** What a person has from before still works, and what is given out now works at once. */
  async function useEverything(when: string): Promise<void> {
    const { ada, server } = classroom;
    const { videoId } = await ada.api.getLecture({ params: { lectureId: fromEncoder } });
    if (!videoId) throw new Error('the lecture is recorded');
    const { tracks } = await ada.api.getPlayback({ params: { videoId } });
    const answer = await fetch(`${server.url}${tracks[0]?.masterUrl ?? ''}`);
    expect(answer.status, `a signed address ${when}`).toBe(200);
    await ada.logIn();
    const visit = await RoomVisit.enter(server.url, ada, fromEncoder);
    await visit.ask('chat.post', { text: when });
    visit.leave();
    const refreshed = await studio.evaluate(async () => (await fetch('/api/v1/users/refresh', { method: 'POST', headers: { 'x-lectern-client': 'web' } })).status);
    expect(refreshed, `the cookie of a page ${when}`).toBe(200);
    await studio.getByRole('button', { name: en.studio.stopSending }).waitFor();
  }

  async function serverClockOffsetSeconds(): Promise<number> {
    const { headers } = await fetch(`${classroom.server.url}/`);
    return (Date.parse(headers.get('date') ?? '') - Date.now()) / 1000;
  }

  async function untilSecond(second: number): Promise<void> {
    await sleep(Math.max(0, wentLiveAtMs + (second + 1) * 1000 - Date.now()));
  }

  async function playlistOf(videoId: VideoId): Promise<string> {
    const { tracks } = await classroom.ada.api.getPlayback({ params: { videoId } });
    return `${classroom.server.url}${tracks[0]?.masterUrl ?? ''}`;
  }
});

function holesIn(flashes: readonly number[]): string[] {
  return flashes.flatMap((flash, index) => {
    const before = flashes[index - 1];
    return before !== undefined && Math.abs(flash - before - 1) > 0.2 ? [`${(flash - before).toFixed(3)} s before ${flash.toFixed(3)} s`] : [];
  });
}

function larger(a: number, b: number): number {
  return Math.abs(b) > Math.abs(a) ? b : a;
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
