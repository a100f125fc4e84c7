import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '#engine/testing';
import { damagesOf, mediaEndMs, tracksAmiss } from './auditProgram.ts';
import type { AuditVerdict } from './auditProgram.ts';
import { WatchedLecture } from './WatchedLecture.ts';
import { pause } from './killServer.ts';
import { SteppedClock } from './SteppedClock.ts';
import { TrialReport } from './TrialReport.ts';
import { trialSize } from './trialSize.ts';

const hourSeconds = 3600;
const weekSeconds = 7 * 24 * hourSeconds;
const flowsMs = 6000;
const backWithinMs = 30_000;
/** A segment, the second in which a keyframe comes, and the way to the disk. */
const lostLimitMs = 4000;

/** How the clock is set while the server is away, one after the other; forth by over an hour would end the lecture. */
const settings = [
  { how: 'back by an hour', offsetSeconds: -hourSeconds },
  { how: 'forth by half an hour', offsetSeconds: -hourSeconds / 2 },
].slice(0, trialSize({ short: 1, long: 2 }));

const clock = await SteppedClock.open();

describe.skipIf(!clock)('a lecture whose server is away while the clock of its machine is set', () => {
  const report = new TrialReport('clockSet');
  let lecture: WatchedLecture;
  let recordedMs: number;

  beforeAll(async () => {
    lecture = await WatchedLecture.open({ source: 'RTMP', ...(clock && { settings: clock.settings }) });
    await flow(0);
    recordedMs = mediaEndMs(await lookAfterKill());
  });

  afterAll(async () => {
    await lecture.close();
    await clock?.close();
  });

  it.each(settings)('goes on in its recording once it was set $how', async ({ how, offsetSeconds }) => {
    clock?.set(offsetSeconds);
    const restartMs = Date.now();
    await lecture.classroom.restart();
    const backMs = await flow(restartMs);
    const flowedMs = Date.now() - backMs;
    const verdict = await lookAfterKill();
    const untilMs = mediaEndMs(verdict);
    report.add({ 'clock set': how, 'recorded until ms': Math.round(recordedMs), 'flowed then ms': flowedMs, 'recorded until, then, ms': Math.round(untilMs) });
    expect(damagesOf(verdict)).toEqual([]);
    expect(tracksAmiss(verdict)).toEqual([]);
    expect(untilMs).toBeGreaterThan(recordedMs + flowedMs - lostLimitMs);
    recordedMs = untilMs;
  });

  it('has ended, and can be watched, once it was set forth by a week', async () => {
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
    report.add({ 'clock set': 'forth by a week', 'recorded until ms': Math.round(recordedMs), 'replay ms': Math.round(ready.durationSeconds * 1000) });
    expect(Math.abs(ready.durationSeconds * 1000 - recordedMs)).toBeLessThan(lostLimitMs);
  });

  /** Lets the lecture flow for a while; says since when its picture has been there. */
  async function flow(sinceMs: number): Promise<number> {
    const backMs = await lecture.videoResumed(sinceMs, backWithinMs);
    await pause(flowsMs);
    return backMs;
  }

  async function lookAfterKill(): Promise<AuditVerdict> {
    await lecture.classroom.server.kill();
    return lecture.audit();
  }
});
