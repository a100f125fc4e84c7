import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { until } from '#engine/testing';
import { it } from '../classroomTest.ts';
import { damagesOf, mediaEndMs, unexpectedTracks } from './auditProgram.ts';
import type { AuditVerdict } from './auditProgram.ts';
import { recordingGrows } from './recordedSegments.ts';
import { SteppedClock } from './SteppedClock.ts';
import { TrialReport } from './TrialReport.ts';
import { isLongRun, trialSize } from './trialSize.ts';
import { WatchedLecture } from './WatchedLecture.ts';

const hourSeconds = 3600;
const weekSeconds = 7 * 24 * hourSeconds;
const flowsMs = trialSize({ short: 0, long: 6000 });
/** Two of each track: one of them is complete whenever the server is killed. */
const segments = 4;
/** A segment, the second in which a keyframe comes, and the time until it is on the disk. */
const lostLimitMs = 4000;

/** How the clock is set while the server is down, one after the other. Forward by more than an hour would end the lecture. */
const steps = [
  { how: 'back by an hour', offsetSeconds: -hourSeconds },
  { how: 'forward by half an hour', offsetSeconds: -hourSeconds / 2 },
].slice(0, trialSize({ short: 1, long: 2 }));

const clock = await SteppedClock.open();

describe.skipIf(!clock)('a lecture whose server is down while the clock of its machine is set', () => {
  const report = new TrialReport('clockSet');
  let lecture: WatchedLecture;
  let recordedMs: number;

  it.beforeAll(async ({ browser }) => {
    lecture = await WatchedLecture.open({ source: 'RTMP', browser, ...(clock && { settings: clock.settings }) });
    await flow(0);
    recordedMs = mediaEndMs(await killAndAudit());
  });

  it.afterAll(async () => {
    await lecture?.close();
    await clock?.close();
  });

  it.each(steps)('continues its recording after it was set $how', async ({ how, offsetSeconds }) => {
    clock?.set(offsetSeconds);
    const restartMs = Date.now();
    await lecture.classroom.restart();
    const backMs = await flow(restartMs);
    const flowedMs = Date.now() - backMs;
    const verdict = await killAndAudit();
    const untilMs = mediaEndMs(verdict);
    report.add({ 'clock set': how, 'recorded until ms': Math.round(recordedMs), 'live then for ms': flowedMs, 'recorded until after that ms': Math.round(untilMs) });
    expect(damagesOf(verdict)).toEqual([]);
    expect(unexpectedTracks(verdict)).toEqual([]);
    expect(untilMs).toBeGreaterThan(recordedMs);
    if (isLongRun) expect(untilMs).toBeGreaterThan(recordedMs + flowedMs - lostLimitMs);
    recordedMs = untilMs;
  });

  it('has ended, and can be replayed, after it was set forward by a week', async () => {
    const { classroom, lectureId } = lecture;
    clock?.set(weekSeconds);
    await classroom.restart();
    const { state, videoId, endedAt } = await classroom.ada.api.getLecture({ params: { lectureId } });
    expect(state).toBe('ended');
    expect(Date.parse(endedAt ?? '') - lecture.startedAtMs).toBeLessThan(hourSeconds * 1000);
    if (!videoId) throw new Error('the lecture was recorded');
    const ready = await until('the video to be ready', async () => {
      const video = await classroom.ada.api.getVideo({ params: { videoId } });
      return video.state === 'ready' ? video : undefined;
    });
    report.add({ 'clock set': 'forward by a week', 'recorded until ms': Math.round(recordedMs), 'replay ms': Math.round(ready.durationSeconds * 1000) });
    expect(Math.abs(ready.durationSeconds * 1000 - recordedMs)).toBeLessThan(lostLimitMs);
  });

  /** Keeps the lecture live for a while; returns the time since which its video has been shown. */
  async function flow(sinceMs: number): Promise<number> {
    const backMs = await lecture.videoResumed(sinceMs);
    await recordingGrows(lecture.classroom.dataFolder, segments);
    await sleep(flowsMs);
    return backMs;
  }

  async function killAndAudit(): Promise<AuditVerdict> {
    await lecture.classroom.server.kill();
    return lecture.audit();
  }
});
