import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import type { Page } from 'playwright-core';
import type { LectureId, VideoId } from '#engine/contract';
import { until } from '#engine/testing';
import { RoomVisit } from '../../demo/RoomVisit.ts';
import { SyntheticEncoder } from '../../demo/SyntheticEncoder.ts';
import { en } from '../../text/en.ts';
import { Classroom } from '../Classroom.ts';
import { it } from '../classroomTest.ts';
import { installFlashingDevices } from '../flashingDevices.ts';
import { startButton } from '../goLive.ts';
import { firstFrameSentAtMs, installFirstFrameWatch } from './firstFrameSent.ts';
import { SteppedClock } from './SteppedClock.ts';
import { clockDriftMs, driftMs, measureTime } from './timeMeasured.ts';
import { TrialReport } from './TrialReport.ts';
import { isLongRun, trialSize } from './trialSize.ts';

/** How long each source sends. */
const lectureSeconds = trialSize({ short: 12, long: 2 * 3600 });
const reportEverySeconds = 600;
const offsetLimitMs = 80;
const driftLimitMs = 40;
const video = { widthPx: 320, heightPx: 180, frameRate: 15 };
/** `gentle`: a keyframe every 30 frames. */
const gopSeconds = 30 / video.frameRate;
/** Of the server's wall clock, in the middle of the lecture. */
const stepsSeconds = [3600, -3600, 0];

describe('the time of a lecture from an encoder and of one from the browser', () => {
  const report = new TrialReport('time');
  let clock: SteppedClock | undefined;
  let classroom: Classroom;
  let encoder: SyntheticEncoder;
  let studio: Page;
  let fromEncoder: LectureId;
  let fromBrowser: LectureId;
  /** The ended lectures, whose videos are ready. */
  let recorded: Record<'encoder' | 'browser', Awaited<ReturnType<Classroom['endRecorded']>>>;
  let wentLiveAtMs: number;
  let firstSentAtMs: number;

  it.beforeAll(async ({ browser }) => {
    clock = await SteppedClock.open();
    classroom = await Classroom.open({ browser, ...(clock && { settings: clock.settings }) });
    fromEncoder = await classroom.startLecture();
    fromBrowser = await classroom.startLecture('From the browser', await classroom.addCourse('Acoustics'));
    studio = await classroom.openPage(classroom.ada, '/');
    await studio.setViewportSize({ width: 800, height: 600 });
    await studio.addInitScript(installFlashingDevices, video);
    await studio.addInitScript(installFirstFrameWatch);
    await studio.goto(`${classroom.server.url}/studio/${fromBrowser}`);
  });

  it.afterAll(async () => {
    await encoder?.stop();
    await classroom?.close();
    await clock?.close();
  });

  it('goes on while the clock of the machine is set forward and back', async () => {
    await startButton(studio).waitFor();
    await studio.waitForTimeout(2000);
    wentLiveAtMs = Date.now();
    await startButton(studio).click();
    encoder = new SyntheticEncoder({ url: await classroom.streamUrl(), profile: 'gentle', sizePx: '320x180', frameRate: video.frameRate, shows: 'flash', durationSeconds: lectureSeconds });
    firstSentAtMs = await until('the first frame that the studio sends', () => firstFrameSentAtMs(studio));
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
  }, (lectureSeconds + 300) * 1000);

  it('is right in the recording from the encoder: a flash in every second', async () => {
    const { flashes, pairs } = await measureTime(await playlistOf(recorded.encoder.videoId));
    expect(gapsIn(flashes), 'seconds without a flash').toEqual([]);
    expect(pairs.length, 'flashes without a beep').toBeGreaterThanOrEqual(flashes.length - 1);
    expect((flashes.at(-1) ?? NaN) - (flashes[0] ?? NaN)).toBeGreaterThan(lectureSeconds - gopSeconds - 3);
  });

  if (isLongRun) it.each([
    ['encoder', gopSeconds],
    ['browser', 1],
  ] as const)('is right within milliseconds, from the first to the last second of the recording from the %s', async (source, startLimitSeconds) => {
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
    // The flashes of the encoder are counted from its end, which is complete.
    const missedAtStartSeconds = source === 'encoder' ? lectureSeconds - 1 - Math.round(last - first) - (first - beginsAtSeconds) : (beginsAtMs - firstSentAtMs) / 1000;
    report.add({ source, 'missing at the start s': seconds(missedAtStartSeconds * 1000), 'clock set': clock !== undefined });
    if (source === 'browser') report.add({ source, 'recorded after the click s': seconds(beginsAtMs - wentLiveAtMs) });

    expect.soft(windows.filter(({ medianOffsetMs }) => Math.abs(medianOffsetMs) > offsetLimitMs)).toEqual([]);
    expect.soft(Math.abs(driftMs(pairs)), 'drift').toBeLessThanOrEqual(driftLimitMs);
    expect.soft(Math.abs(clockDriftMs(flashes)), 'drift against the source').toBeLessThanOrEqual(driftLimitMs);
    expect.soft(missedAtStartSeconds, 'missing at the start').toBeLessThanOrEqual(startLimitSeconds);
    expect.soft(gapsIn(flashes), 'seconds without a flash').toEqual([]);
    expect.soft(pairs.length, 'flashes without a beep').toBeGreaterThanOrEqual(flashes.length - 1);
    expect.soft(last - first).toBeGreaterThan(lectureSeconds - gopSeconds - 3);
  });

  /** Tokens and addresses from before still work, and new ones work at once. */
  async function useEverything(when: string): Promise<void> {
    const { ada, server } = classroom;
    const { videoId } = await ada.api.getLecture({ params: { lectureId: fromEncoder } });
    if (!videoId) throw new Error('the lecture is recorded');
    const { tracks } = await ada.api.getPlayback({ params: { videoId } });
    const response = await fetch(`${server.url}${tracks[0]?.masterUrl ?? ''}`);
    expect(response.status, `a signed address ${when}`).toBe(200);
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

function gapsIn(flashes: readonly number[]): string[] {
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
