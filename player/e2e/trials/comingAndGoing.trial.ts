import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '#engine/testing';
import type { Person } from '../../demo/Person.ts';
import { SyntheticEncoder } from '../../demo/SyntheticEncoder.ts';
import { isMoving } from '../mediaProbes.ts';
import { FuzzTarget } from './fuzz/FuzzTarget.ts';
import { countRows } from './fuzz/countRows.ts';
import type { Rows } from './fuzz/countRows.ts';
import { runConcurrently } from './fuzz/runConcurrently.ts';
import { slopeOf } from './fuzz/slopeOf.ts';
import type { ServerUse } from './fuzz/ServerInspector.ts';
import { visitRoom } from './fuzz/visitRoom.ts';
import { TrialReport } from './TrialReport.ts';
import { trialSize } from './trialSize.ts';

const joins = trialSize({ short: 100, long: 10_000 });
const lectures = trialSize({ short: 20, long: 1000 });
/** Of these, one has a real page in Chromium. */
const joinsForAPage = trialSize({ short: 50, long: 250 });
/** Of these, one has an encoder that pushes over RTMP. */
const lecturesForAnEncoder = trialSize({ short: 10, long: 20 });
const rounds = 10;
/** Caches fill and code is compiled in the first rounds. */
const warmUpRounds = trialSize({ short: 4, long: 3 });
/** 60 tickets a minute for each account. */
const accounts = trialSize({ short: 6, long: 120 });
const lanes = 4;
/** What one join or lecture may leave on V8's heap: nothing, within what ten measurements can tell. */
const heapBytesEach = trialSize({ short: 40_000, long: 400 });
const heapBytesPerLecture = trialSize({ short: 200_000, long: 4000 });
const spareHandles = 10;
/** Scripts do not refresh: when their access token has run out they log in again, which is a login more. */
const accessTokenMs = 10 * 60_000;

/** Rows that tell what happened, and stay: the lectures themselves, their events and recordings. */
const keptByDesign: ReadonlySet<string> = new Set(['lectures', 'lectureEvents', 'recordings', 'segments', 'initSegments', 'videos']);

describe('coming and going', () => {
  const report = new TrialReport('comingAndGoing');
  let lecture: FuzzTarget;
  let crowd: Person[];
  let turn = 0;

  beforeAll(async () => {
    lecture = await FuzzTarget.open();
    // Signing in through the form leaves a login, and later pages share it.
    await (await lecture.classroom.openPage(lecture.mallory, '/')).close();
    crowd = await Promise.all(Array.from({ length: accounts }, (_, index) => lecture.classroom.student(`Visitor${index}`)));
  });

  afterAll(() => lecture.close());

  const nextVisitor = () => crowd[(turn += 1) % crowd.length] ?? lecture.mallory;
  const rowsOf = () => countRows(lecture.classroom.dataFolder);

  /** What the server uses once what is closing has closed. */
  async function use(than?: Pick<ServerUse, 'handles' | 'children'>): Promise<ServerUse> {
    const most = than && { handles: than.handles + spareHandles / 2, children: than.children };
    const settled = await lecture.inside.settled(most ?? {}, 30_000);
    expect(settled.isCalm, `${settled.use.handles} handles, ${settled.use.children} children`).toBe(true);
    return settled.use;
  }

  function note(what: string, done: number, { at, rows }: { at: ServerUse; rows: Rows }): void {
    const mb = (value: number) => Math.round(value * 10) / 10;
    report.add({
      what, done, 'heap (MB)': mb(at.heapMb), 'RSS of Node (MB)': mb(at.residentMb), 'RSS of the media worker (MB)': mb(at.workerResidentMb), handles: at.handles, children: at.children,
      'rows that stay': sum(rows, (table) => keptByDesign.has(table)), 'other rows': sum(rows, (table) => !keptByDesign.has(table)),
    });
    process.stdout.write(`${what} ${done}: heap ${mb(at.heapMb)} MB, Node ${mb(at.residentMb)} MB, worker ${mb(at.workerResidentMb)} MB, handles ${at.handles}, children ${at.children}, rows ${JSON.stringify(rows)}\n`);
  }

  /** Does `some` of them round after round, and fits a line through what the server uses after each. */
  async function repeat(what: string, total: number, doSome: (count: number, round: number) => Promise<void>) {
    const first = { at: await use(), rows: await rowsOf() };
    const fromMs = Date.now();
    const uses: ServerUse[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      await doSome(Math.round(total / rounds), round);
      const at = await use({ handles: (uses[0] ?? first.at).handles, children: first.at.children });
      uses.push(at);
      note(what, round * Math.round(total / rounds), { at, rows: await rowsOf() });
    }
    const after = uses.slice(warmUpRounds);
    const heapSlope = (slopeOf(after.map(({ heapMb }) => heapMb)) * 2 ** 20) / (total / rounds);
    const residentSlope = (slopeOf(after.map(({ residentMb }) => residentMb)) * 2 ** 20) / (total / rounds);
    const workerSlope = (slopeOf(after.map(({ workerResidentMb }) => workerResidentMb)) * 2 ** 20) / (total / rounds);
    report.add({ what: `${what}: bytes each, by a line through the rounds after the ${warmUpRounds} first`, 'heap (bytes)': Math.round(heapSlope), 'Node (bytes)': Math.round(residentSlope), 'media worker (bytes)': Math.round(workerSlope) });
    process.stdout.write(`${what}: each adds ${Math.round(heapSlope)} bytes of heap, ${Math.round(residentSlope)} to Node, ${Math.round(workerSlope)} to the worker\n`);
    const relogins = Math.floor((Date.now() - fromMs) / accessTokenMs + 1) * (accounts + 3);
    return { first, relogins, last: { at: uses.at(-1) ?? first.at, rows: await rowsOf() }, heapSlope, workerSlope };
  }

  it('to one lecture costs nothing that stays', async () => {
    const { classroom, lectureId } = lecture;
    const { first, last, relogins, heapSlope, workerSlope } = await repeat('joins', joins, async (count, round) => {
      await runConcurrently(lanes, Array.from({ length: count }, (_, index) => index), async (index) => {
        await visitRoom(classroom.server.url, nextVisitor(), { lectureId, isPolite: index % 2 === 0 });
      });
      if (round % Math.max(1, Math.round((joinsForAPage * rounds) / joins)) !== 0) return;
      const page = await classroom.openPage(lecture.mallory, `/live/${lectureId}`);
      await until('the picture on a page that comes and goes', () => isMoving(page), 40_000);
      await page.close();
    });
    expect(last.at.handles - first.at.handles).toBeLessThanOrEqual(spareHandles);
    expect(last.at.children).toBeLessThanOrEqual(first.at.children);
    expect(otherRows(last.rows)).toEqual(otherRows(first.rows));
    expect((last.rows.logins ?? 0) - (first.rows.logins ?? 0)).toBeLessThanOrEqual(relogins);
    expect(heapSlope).toBeLessThan(heapBytesEach);
    expect(workerSlope).toBeLessThan(heapBytesEach);
  });

  it('of whole lectures leaves their rows and recordings, and nothing else', async () => {
    const { classroom } = lecture;
    const course = await classroom.ada.api.createCourse({ body: { title: 'Short ones', enrolmentPolicy: 'open' } });
    await Promise.all(crowd.map((person) => person.api.enrol({ params: { courseId: course.id }, body: {} })));
    const { serverUrl, streamKey } = await classroom.ada.api.issueStreamKey({ params: { courseId: course.id } });
    let started = 0;
    const { first, last, relogins, heapSlope, workerSlope } = await repeat('lectures', lectures, async (count) => {
      for (let index = 0; index < count; index += 1) {
        started += 1;
        const { id: lectureId } = await classroom.ada.api.startLecture({ body: { courseId: course.id, title: `Lecture ${started}`, isRecorded: true } });
        const encoder = started % lecturesForAnEncoder === 0 ? new SyntheticEncoder({ url: `${serverUrl}/${streamKey}`, profile: 'gentle', sizePx: '160x90', frameRate: 10 }) : undefined;
        if (encoder) await until('the encoder’s recording', async () => (await classroom.ada.api.getLecture({ params: { lectureId } })).videoId, 30_000);
        await visitRoom(classroom.server.url, nextVisitor(), { lectureId, isPolite: true });
        await classroom.ada.api.endLecture({ params: { lectureId } });
        await encoder?.stop();
      }
    });
    expect(last.at.handles - first.at.handles).toBeLessThanOrEqual(spareHandles);
    expect(last.at.children).toBeLessThanOrEqual(first.at.children);
    expect(otherRows(last.rows)).toEqual(otherRows(first.rows));
    expect((last.rows.logins ?? 0) - (first.rows.logins ?? 0)).toBeLessThanOrEqual(relogins);
    expect(last.rows.lectures).toBe((first.rows.lectures ?? 0) + started);
    expect(heapSlope).toBeLessThan(heapBytesPerLecture);
    expect(workerSlope).toBeLessThan(heapBytesPerLecture);
  });
});

function sum(rows: Rows, isCounted: (table: string) => boolean): number {
  return Object.entries(rows).reduce((total, [table, count]) => total + (isCounted(table) ? count : 0), 0);
}

function otherRows(rows: Rows): Rows {
  return Object.fromEntries(Object.entries(rows).filter(([table]) => !keptByDesign.has(table) && table !== 'logins'));
}
