import { describe, expect } from 'vitest';
import type { Page } from 'playwright-core';
import { until } from '#engine/testing';
import { it } from '../classroomTest.ts';
import { longestPause, seenIn, watchFrames } from '../frameWatch.ts';
import { damagesOf, leftoversOf, unexpectedTracks } from './auditProgram.ts';
import { childrenOf, isThere } from './childProcesses.ts';
import { seededRandom, trialSeed } from './seededRandom.ts';
import { TrialReport } from './TrialReport.ts';
import { isLongRun, trialSize } from './trialSize.ts';
import { WatchedLecture } from './WatchedLecture.ts';

const workers = 2;
const rounds = trialSize({ short: 2, long: 40 });
/** Viewers of a worker that dies see video again by then. One that hangs is killed after two seconds, and the encoder sends a keyframe each second. */
const movedWithinMs = { SIGKILL: 3000, SIGSTOP: 4000 } as const;
/** The same for the worker of the publisher: its tracks are made again first. */
const backWithinMs = { SIGKILL: 3000, SIGSTOP: 6000 } as const;
/** What the viewers of other workers may see: a frame that the machine was late with. */
const unnoticedMs = 500;
/** Between two failures: a worker that dies within a minute twice is started with a delay. */
const pauseMs = trialSize({ short: 500, long: 8000 });
const patientMs = 120_000;

interface Victim {
  pid: number;
  viewers: number;
}

interface Seat {
  name: string;
  page: Page;
}

describe('a lecture whose workers are killed and stopped at random', () => {
  const report = new TrialReport('workersUnderLecture');
  const random = seededRandom(trialSeed('workersUnderLecture'));
  let watched: WatchedLecture;
  let seats: Seat[];

  it.beforeAll(async ({ browser }) => {
    watched = await WatchedLecture.open({ source: 'RTMP', browser, settings: { LECTERN_RTC_WORKERS: String(workers), LECTERN_RTC_HOME_SHARE: '0' } });
    const page = await watched.classroom.openPage(await watched.classroom.student('Mateo'), '/');
    await watchFrames(page);
    await page.goto(`${watched.classroom.server.url}/live/${watched.lectureId}`);
    seats = [{ name: 'first viewer', page: watched.room }, { name: 'second viewer', page }];
    await until('both to watch', bothWatch, patientMs);
  });

  it.afterAll(() => watched?.close());

  const bothWatch = async () => (await Promise.all(seats.map(({ page }) => isWatching(page)))).every(Boolean);
  const parts = async () => {
    const { workers: all } = await watched.classroom.ada.api.listWorkers({});
    return all.flatMap(({ pid, lectures }) => lectures.map((lecture) => ({ pid, ...lecture })));
  };

  /** After a failure everyone may be on one worker: the second viewer leaves and joins until there is one on each, or twice. */
  async function useBothWorkers(): Promise<void> {
    for (let attempt = 1; attempt <= 2 && (await parts()).filter(({ viewers }) => viewers > 0).length < 2; attempt += 1) {
      await seats[1]?.page.reload();
      await until('both to watch', bothWatch, patientMs);
    }
  }

  it('shows it to everyone again in time, and to those on other workers without a break', async () => {
    for (let round = 1; round <= rounds; round += 1) {
      // An access token lasts for ten minutes.
      if (round % 10 === 0) await watched.classroom.ada.logIn();
      await until('every worker to run', async () => childrenOf(watched.classroom.server.pid ?? 0, 'media worker').length === workers, patientMs);
      if (isLongRun) await useBothWorkers();
      const all = await parts();
      const home = all.find(({ hasPublishers }) => hasPublishers);
      // In the short form the worker that has viewers only: childDeath.long.trial.ts has the other one.
      const isHome = isLongRun && random() < 0.4;
      const branch = all.find(({ hasPublishers }) => !hasPublishers);
      // After a failure everyone may be at home.
      const victim = isHome ? home : (branch ?? home);
      const signal = (isLongRun ? random() < 0.5 : round === 1) ? 'SIGKILL' : 'SIGSTOP';
      if (!victim?.pid) throw new Error('the worker runs');
      await fail({ pid: victim.pid, viewers: victim.viewers }, { isHome: victim === home, signal, round, apart: all.filter(({ viewers }) => viewers > 0).length });
    }
  });

  async function fail({ pid, viewers }: Victim, about: { isHome: boolean; signal: 'SIGKILL' | 'SIGSTOP'; round: number; apart: number }): Promise<void> {
    const { isHome, signal, round, apart } = about;
    const atMs = Date.now();
    process.kill(pid, signal);
    await until('the worker to be given up', () => !isThere(pid), patientMs);
    await until('both to watch again', bothWatch, patientMs);
    await watched.room.waitForTimeout(pauseMs);
    const pauses = await Promise.all(seats.map(async ({ name, page }) => ({ name, ...longestPause((await seenIn(page)).frames, atMs - 500, Date.now()) })));
    const affected = pauses.filter(({ pauseMs: longest }) => longest > unnoticedMs);
    const row = { round, worker: isHome ? 'of the publisher' : 'with viewers only', signal, viewers, 'longest freezes ms': pauses.map(({ pauseMs: longest }) => Math.round(longest)).join(', ') };
    report.add(row);
    process.stdout.write(`${JSON.stringify(row)}\n`);
    if (!isLongRun) return;
    for (const { name, overAtMs } of affected) expect.soft(overAtMs - atMs, `${name}, round ${round}`).toBeLessThan((isHome ? backWithinMs : movedWithinMs)[signal]);
    if (!isHome && apart > 1) expect.soft(affected.length, `round ${round}`).toBeLessThanOrEqual(viewers);
  }

  it('is one recording without a gap, and the audit finds nothing', async () => {
    const { classroom, lectureId } = watched;
    expect(await watched.hasNeverReloaded()).toBe(true);
    const { videoId } = await classroom.endRecorded(lectureId);
    const { videos } = await classroom.ada.api.listVideos({ params: { courseId: classroom.courseId } });
    expect(videos.map(({ id }) => id)).toEqual([videoId]);
    await watched.stopSource();
    await classroom.server.stop();
    const verdict = await watched.audit();
    expect(damagesOf(verdict)).toEqual([]);
    expect(unexpectedTracks(verdict)).toEqual([]);
    expect(leftoversOf(verdict)).toBe('none');
    expect(verdict.recordings).toHaveLength(1);
  });
});

async function isWatching(page: Page): Promise<boolean> {
  const { frames } = await seenIn(page, Date.now() - 1500);
  return frames.length >= 5;
}
