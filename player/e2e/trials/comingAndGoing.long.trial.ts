import { describe, expect } from 'vitest';
import { until } from '#engine/testing';
import type { Person } from '../../demo/Person.ts';
import { SyntheticEncoder } from '../../demo/SyntheticEncoder.ts';
import { it } from '../classroomTest.ts';
import { isMoving } from '../mediaProbes.ts';
import { FuzzTarget } from './fuzz/FuzzTarget.ts';
import { countRows } from './fuzz/countRows.ts';
import type { Rows } from './fuzz/countRows.ts';
import { runConcurrently } from './fuzz/runConcurrently.ts';
import { slopeOf } from './fuzz/slopeOf.ts';
import type { ServerUse } from './fuzz/ServerInspector.ts';
import { visitRoom } from './fuzz/visitRoom.ts';
import { TrialReport } from './TrialReport.ts';
import { isLongRun, trialSize } from './trialSize.ts';

const rounds = trialSize({ short: 1, long: 10 });
const joins = trialSize({ short: 20, long: 10_000 });
const lectures = trialSize({ short: 4, long: 1000 });
/** One in so many joins is a real page in Chromium. */
const joinsPerPage = trialSize({ short: 20, long: 250 });
/** One in so many lectures has an encoder that pushes over RTMP. */
const lecturesPerEncoder = trialSize({ short: 4, long: 20 });
/** Caches fill and code is compiled in the first rounds. */
const warmUpRounds = 3;
/** 60 tickets a minute for each account. */
const accounts = trialSize({ short: 3, long: 120 });
const concurrency = 4;
/** What one join or lecture may leave on V8's heap: nothing, as far as ten measurements can tell. */
const heapBytesPerJoin = 400;
const heapBytesPerLecture = 4000;
const spareHandles = 10;
/** Scripts do not refresh: when an access token expires they log in again, which adds a login. */
const accessTokenMs = 10 * 60_000;

/** Viewers are on both workers in turn: joins open pipes between them. */
const twoWorkers = { LECTERN_RTC_WORKERS: '2', LECTERN_RTC_HOME_SHARE: '0' };

/** Rows that record what happened, and stay: the lectures themselves, their events, recordings and attendance, and the audit log. */
const permanentTables: ReadonlySet<string> = new Set(['lectures', 'lectureEvents', 'recordings', 'segments', 'initSegments', 'videos', 'leases', 'jobs', 'attendance', 'heldLectures', 'audit']);

describe('joins and lectures', () => {
  const report = new TrialReport('comingAndGoing');
  let lecture: FuzzTarget;
  let visitors: Person[];
  let turn = 0;

  it.beforeAll(async ({ browser }) => {
    lecture = await FuzzTarget.open({ browser, settings: twoWorkers });
    // Signing in through the form adds a login, which later pages share.
    await (await lecture.classroom.openPage(lecture.mallory, '/')).close();
    visitors = await Promise.all(Array.from({ length: accounts }, (_, index) => lecture.classroom.student(`Visitor${index}`)));
  });

  it.afterAll(() => lecture?.close());

  const nextVisitor = () => visitors[(turn += 1) % visitors.length] ?? lecture.mallory;
  const rowsOf = () => countRows(lecture.classroom.dataFolder);

  /** The resources that the server uses after closed connections and finished child processes have been removed. */
  async function use(limit?: Pick<ServerUse, 'handles' | 'children'>): Promise<ServerUse> {
    const most = limit && { children: limit.children, ...(isLongRun && { handles: limit.handles + spareHandles }) };
    const settled = await lecture.inspector.settled(most ?? {}, 60_000);
    expect(settled.isCalm, `${settled.use.handles} handles, ${settled.use.children} children`).toBe(true);
    return settled.use;
  }

  function reportUse(what: string, done: number, { at, rows }: { at: ServerUse; rows: Rows }): void {
    const mb = (value: number) => Math.round(value * 10) / 10;
    report.add({
      what, done, 'heap MB': mb(at.heapMb), 'RSS of Node MB': mb(at.residentMb), 'RSS of the media workers MB': mb(at.workerResidentMb), handles: at.handles, children: at.children,
      'permanent rows': sum(rows, (table) => permanentTables.has(table)), 'other rows': sum(rows, (table) => !permanentTables.has(table)),
    });
    process.stdout.write(`${what} ${done}: heap ${mb(at.heapMb)} MB, Node ${mb(at.residentMb)} MB, workers ${mb(at.workerResidentMb)} MB, handles ${at.handles}, children ${at.children}, rows ${JSON.stringify(rows)}\n`);
  }

  /** Runs round after round, and expects the same rows, handles and memory after them as before. */
  async function repeat(what: string, { total, heapBytesEach }: { total: number; heapBytesEach: number }, runRound: (count: number) => Promise<void>) {
    const first = { at: await use(), rows: await rowsOf() };
    const fromMs = Date.now();
    const uses: ServerUse[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      await runRound(Math.round(total / rounds));
      const at = await use({ handles: (uses[0] ?? first.at).handles, children: first.at.children });
      uses.push(at);
      reportUse(what, round * Math.round(total / rounds), { at, rows: await rowsOf() });
    }
    const last = await rowsOf();
    expect(otherRows(last)).toEqual(otherRows(first.rows));
    const newLogins = Math.floor((Date.now() - fromMs) / accessTokenMs + 1) * (accounts + 3);
    expect((last.logins ?? 0) - (first.rows.logins ?? 0)).toBeLessThanOrEqual(newLogins);
    if (isLongRun) expectNoGrowth(what, { uses, heapBytesEach, perRound: total / rounds });
    return { before: first.rows, after: last };
  }

  /** Fits a line through what the server uses after each round. */
  function expectNoGrowth(what: string, { uses, heapBytesEach, perRound }: { uses: readonly ServerUse[]; heapBytesEach: number; perRound: number }): void {
    const measured = uses.slice(warmUpRounds);
    const bytesEach = (of: (at: ServerUse) => number) => (slopeOf(measured.map(of)) * 2 ** 20) / perRound;
    const [heap, node, worker] = [bytesEach(({ heapMb }) => heapMb), bytesEach(({ residentMb }) => residentMb), bytesEach(({ workerResidentMb }) => workerResidentMb)];
    report.add({ what: `${what}: bytes each, by a line through the rounds after the ${warmUpRounds} first`, 'heap bytes': Math.round(heap), 'Node bytes': Math.round(node), 'media worker bytes': Math.round(worker) });
    process.stdout.write(`${what}: each adds ${Math.round(heap)} bytes of heap, ${Math.round(node)} to Node, ${Math.round(worker)} to the worker\n`);
    expect(heap).toBeLessThan(heapBytesEach);
    expect(worker).toBeLessThan(heapBytesEach);
  }

  it('leave nothing behind after joins', async () => {
    const { classroom, lectureId } = lecture;
    let joined = 0;
    await repeat('joins', { total: joins, heapBytesEach: heapBytesPerJoin }, async (count) => {
      await runConcurrently(concurrency, Array.from({ length: count }, (_, index) => index), async (index) => {
        await visitRoom(classroom.server.url, nextVisitor(), { lectureId, isPolite: index % 2 === 0 });
      });
      const pages = Math.floor((joined + count) / joinsPerPage) - Math.floor(joined / joinsPerPage);
      joined += count;
      for (let opened = 0; opened < pages; opened += 1) {
        const page = await classroom.openPage(lecture.mallory, `/live/${lectureId}`);
        await until('the video on a page', () => isMoving(page), 60_000);
        await page.close();
      }
    });
  });

  it('leave their rows and recordings, and nothing else, after whole lectures', async () => {
    const { classroom } = lecture;
    const courseId = await classroom.addCourse('Short ones', visitors);
    const url = await classroom.streamUrl(courseId);
    let started = 0;
    const { before, after } = await repeat('lectures', { total: lectures, heapBytesEach: heapBytesPerLecture }, async (count) => {
      for (let index = 0; index < count; index += 1) {
        started += 1;
        const lectureId = await classroom.startLecture(`Lecture ${started}`, courseId);
        const encoder = started % lecturesPerEncoder === 0 ? new SyntheticEncoder({ url, profile: 'gentle', sizePx: '160x90', frameRate: 10 }) : undefined;
        if (encoder) await until('the recording of the encoder', async () => (await classroom.ada.api.getLecture({ params: { lectureId } })).videoId);
        await visitRoom(classroom.server.url, nextVisitor(), { lectureId, isPolite: true });
        await classroom.ada.api.endLecture({ params: { lectureId } });
        await encoder?.stop();
      }
    });
    expect(after.lectures).toBe((before.lectures ?? 0) + started);
  });
});

function sum(rows: Rows, isCounted: (table: string) => boolean): number {
  return Object.entries(rows).reduce((total, [table, count]) => total + (isCounted(table) ? count : 0), 0);
}

function otherRows(rows: Rows): Rows {
  return Object.fromEntries(Object.entries(rows).filter(([table]) => !permanentTables.has(table) && table !== 'logins'));
}
