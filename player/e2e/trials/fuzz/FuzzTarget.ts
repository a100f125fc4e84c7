// Responsible for a live lecture with a small RTMP source and a viewer in a real browser, whose server is fuzzed. Owns
// the server, the source, the pages and what measures them.
import { expect } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { LectureId } from '#engine/contract';
import { until } from '#engine/testing';
import type { Person } from '../../../demo/Person.ts';
import { SyntheticEncoder } from '../../../demo/SyntheticEncoder.ts';
import { Classroom } from '../../Classroom.ts';
import { isShowingVideo, longestPause, seenIn, watchFrames } from '../../frameWatch.ts';
import type { TrialReport } from '../TrialReport.ts';
import { isLongRun } from '../trialSize.ts';
import { HealthMonitor } from './HealthMonitor.ts';
import type { HealthObserved } from './HealthMonitor.ts';
import { inspectorUrlIn, ServerInspector, withInspector } from './ServerInspector.ts';
import type { ServerUse } from './ServerInspector.ts';
import { Tally } from './Tally.ts';

export interface FuzzTargetOptions {
  browser: Browser;
  settings?: Readonly<Record<string, string>>;
}

const slowestHealthMs = 1000;
const longestFreezeMs = 1000;
/** Caches, compiled code and the recording in progress: what a second round of the same may add. */
const addedHeapMb = 6;
/** Segments of the recording in progress, and data in flight. */
const addedBuffersMb = 8;
const addedWorkerMb = 8;
/** Of the lecture itself: a segment being written, a health request. */
const addedHandles = 10;
/** The server keeps an idle connection for 65 s. */
const settledWithinMs = 75_000;
/** V8 frees buffers some time after it has collected their owners. */
const memoryWithinMs = 15_000;
const reportedIncidents = 5;

/** Log events that stand for a bug. */
const incidents = new Set(['request.failed', 'process.uncaughtException', 'process.unhandledRejection', 'background.failed', 'listener.failed', 'mediaWorker.died', 'room.lost']);

type Attack = (tally: Tally) => Promise<void>;

export class FuzzTarget {
  readonly classroom: Classroom;
  readonly lectureId: LectureId;
  /** A student, from whose account attacks come. */
  readonly mallory: Person;
  readonly inspector: ServerInspector;
  readonly #health: HealthMonitor;
  readonly #encoder: SyntheticEncoder;
  readonly #viewer: Page;
  readonly #incidents: string[];
  /** Handles and children at rest: the fewest that were seen, or those that outlast an idle connection. */
  #calm: Pick<ServerUse, 'handles' | 'children'> = { handles: Infinity, children: Infinity };

  private constructor(parts: { classroom: Classroom; lectureId: LectureId; mallory: Person; inspector: ServerInspector; encoder: SyntheticEncoder; viewer: Page; incidents: string[] }) {
    this.classroom = parts.classroom;
    this.lectureId = parts.lectureId;
    this.mallory = parts.mallory;
    this.inspector = parts.inspector;
    this.#encoder = parts.encoder;
    this.#viewer = parts.viewer;
    this.#incidents = parts.incidents;
    this.#health = new HealthMonitor(parts.classroom.server.url, parts.classroom.server.pid ?? 0);
  }

  static async open({ browser, settings }: FuzzTargetOptions): Promise<FuzzTarget> {
    const [found, address]: [string[], { url?: string }] = [[], {}];
    const onLine = (line: string) => {
      address.url ??= inspectorUrlIn(line);
      if (isIncident(line) && found.length < reportedIncidents) found.push(line.slice(0, 1200));
    };
    const classroom = await Classroom.open({ browser, settings: { ...withInspector, ...settings }, onLine });
    const inspector = await ServerInspector.open(classroom.server.pid ?? 0, await until('the inspector', () => address.url));
    const [noor, mallory] = [await classroom.student('Noor'), await classroom.student('Mallory')];
    const lectureId = await classroom.startLecture();
    const encoder = new SyntheticEncoder({ url: await classroom.streamUrl(), profile: 'gentle', sizePx: '320x180', frameRate: 15 });
    const viewer = await classroom.openPage(noor, '/');
    await watchFrames(viewer);
    await viewer.goto(`${classroom.server.url}/live/${lectureId}`);
    await until('the video', async () => (await seenIn(viewer)).frames.length > 15, 90_000);
    return new FuzzTarget({ classroom, lectureId, mallory, inspector, encoder, viewer, incidents: found });
  }

  /**
   * Sends a family of inputs. On any machine, every response is documented, nothing in the log stands for a bug, health
   * requests succeed and the viewer goes on watching. `npm run trials` sends them twice, and measures as well.
   */
  async attack(report: TrialReport, family: string, attack: Attack): Promise<void> {
    const tally = new Tally();
    this.#incidents.length = 0;
    if (isLongRun) return this.#measure(report, family, { attack, tally });
    const { failures } = await this.#round(attack, tally);
    this.#expectCorrect(tally, failures);
    await until('the video of the viewer', () => isShowingVideo(this.#viewer), 60_000);
  }

  #expectCorrect(tally: Tally, failures: number): void {
    expect(tally.defects, 'responses that are no coded error and no documented success').toEqual([]);
    expect(this.#incidents, 'bugs in the log').toEqual([]);
    expect(failures, 'health requests without a response').toBe(0);
  }

  async #measure(report: TrialReport, family: string, { attack, tally }: { attack: Attack; tally: Tally }): Promise<void> {
    const start = await this.#settled();
    this.#incidents.length = 0;
    const fromMs = Date.now();
    const first = await this.#round(attack, tally);
    const before = await this.#settled({ buffersMb: start.buffersMb + addedBuffersMb });
    const second = await this.#round(attack, tally);
    const after = await this.#settled({ heapMb: before.heapMb + addedHeapMb, buffersMb: before.buffersMb + addedBuffersMb, workerResidentMb: before.workerResidentMb + addedWorkerMb });
    const slowestMs = Math.max(first.slowestMs, second.slowestMs);
    const workedMs = Math.max(first.mostWorkedMs, second.mostWorkedMs);
    const freezeMs = Math.max(first.freezeMs, second.freezeMs);
    const row = {
      family, inputs: tally.inputs, refused: tally.refused, answered: tally.answered, 'internal errors': this.#incidents.length + tally.defects.length,
      'slowest health response ms': slowestMs, 'of which the server worked ms': workedMs, 'longest freeze ms': Math.round(freezeMs), ...rowOf(before, after), seconds: Math.round((Date.now() - fromMs) / 1000),
    };
    report.add(row);
    process.stdout.write(`${JSON.stringify(row)}\n`);
    this.#expectCorrect(tally, first.failures + second.failures);
    expect(workedMs).toBeLessThan(slowestHealthMs);
    // A late health response though the server hardly worked: for so long the machine had no time for any process.
    const starvedMs = Math.min(longestFreezeMs, Math.max(0, slowestMs - workedMs));
    expect(freezeMs).toBeLessThan(longestFreezeMs + starvedMs);
    expect(after.handles - before.handles).toBeLessThanOrEqual(addedHandles);
    expect(after.heapMb - before.heapMb).toBeLessThan(addedHeapMb);
    expect(after.buffersMb - before.buffersMb).toBeLessThan(addedBuffersMb);
    expect(after.workerResidentMb - before.workerResidentMb).toBeLessThan(addedWorkerMb);
    expect(after.children).toBeLessThanOrEqual(Math.max(start.children, before.children));
  }

  async #round(attack: Attack, tally: Tally): Promise<HealthObserved & { freezeMs: number }> {
    // Discards what was observed during the garbage collections before.
    await this.#health.take();
    const fromMs = Date.now();
    await attack(tally);
    const freezeMs = longestPause((await seenIn(this.#viewer)).frames, fromMs, Date.now()).pauseMs;
    return { ...(await this.#health.take()), freezeMs };
  }

  /** Ends the source; returns the number of frames that it has sent. */
  async stopSource(): Promise<number> {
    await this.#encoder.stop();
    return this.#encoder.pushed.frames;
  }

  async close(): Promise<void> {
    await this.#health.close();
    this.inspector.close();
    await this.#encoder.stop();
    await this.classroom.close();
  }

  /** The resources in use after earlier connections, child processes and memory are released, or after the time that the server may keep them. */
  async #settled(memory: Partial<ServerUse> = {}): Promise<ServerUse> {
    const { handles, children } = this.#calm;
    const limit = { handles: handles + addedHandles / 2, children };
    const { use, isCalm } = await this.inspector.settled(limit, settledWithinMs);
    this.#calm = isCalm ? { handles: Math.min(handles, use.handles), children: Math.min(children, use.children) } : use;
    return (await this.inspector.settled({ ...(isCalm && limit), ...memory }, memoryWithinMs)).use;
  }
}

function rowOf(before: ServerUse, after: ServerUse) {
  const mb = (value: number) => Math.round(value * 10) / 10;
  return {
    'heap before MB': mb(before.heapMb), 'heap after MB': mb(after.heapMb),
    'buffers before MB': mb(before.buffersMb), 'buffers after MB': mb(after.buffersMb),
    'worker before MB': mb(before.workerResidentMb), 'worker after MB': mb(after.workerResidentMb),
    'RSS before MB': mb(before.residentMb), 'RSS after MB': mb(after.residentMb),
    'handles before': before.handles, 'handles after': after.handles,
  };
}

function isIncident(line: string): boolean {
  if (!line.startsWith('{')) return false;
  const { msg } = JSON.parse(line) as { msg?: string };
  return msg !== undefined && incidents.has(msg);
}
