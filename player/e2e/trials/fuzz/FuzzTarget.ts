import { expect } from 'vitest';
import type { Page } from 'playwright-core';
import type { LectureId } from '#engine/contract';
import { until } from '#engine/testing';
import type { Person } from '../../../demo/Person.ts';
import { SyntheticEncoder } from '../../../demo/SyntheticEncoder.ts';
import { Classroom } from '../../Classroom.ts';
import { installFrameWatch, longestPause, watchedIn } from '../../frameWatch.ts';
import type { TrialReport } from '../TrialReport.ts';
import { HealthMonitor } from './HealthMonitor.ts';
import type { HealthSeen } from './HealthMonitor.ts';
import { inspectorUrlIn, ServerInspector, withInspector } from './ServerInspector.ts';
import type { ServerUse } from './ServerInspector.ts';
import { printable } from './seed.ts';

/** What became of one family of inputs. */
export class Tally {
  inputs = 0;
  /** Connections for them that were tried, by who counts inputs where a connection has come about. */
  tried = 0;
  /** Answered with a coded error, or cut off. */
  refused = 0;
  answered = 0;
  /** What the server should not have done, with the input that did it. */
  readonly defects: string[] = [];

  defect(what: string, input: unknown): void {
    if (this.defects.length < 10) this.defects.push(`${what}: ${printable(input)}`);
  }
}

const slowestHealthMs = 1000;
const longestFreezeMs = 1000;
/** Caches, compiled code and the recording going on in between: what a second round of the same may add. */
const addedHeapMb = 6;
/** Segments of the running recording, and what is on its way in that moment. */
const addedBuffersMb = 8;
const addedWorkerMb = 8;
/** Of the lecture itself: a segment being written, a log being rotated, health being asked for. */
const addedHandles = 10;
/** The server keeps a connection on which nobody asks anything for 65 s. */
const settledWithinMs = 75_000;
/** V8 gives buffers back some time after it has collected what held them. */
const memoryWithinMs = 15_000;
const shownIncidents = 5;

/** Lines of the log that stand for a bug. */
const incidents = new Set(['request.failed', 'process.uncaughtException', 'process.unhandledRejection', 'background.failed', 'listener.failed', 'mediaWorker.died', 'room.lost']);

/**
 * A lecture from a small RTMP source with someone who watches it in a real browser, while enemies are at the server.
 * Owns the server, the source, the browser and what watches them.
 */
export class FuzzTarget {
  readonly classroom: Classroom;
  readonly lectureId: LectureId;
  readonly mallory: Person;
  readonly inside: ServerInspector;
  readonly #health: HealthMonitor;
  readonly #encoder: SyntheticEncoder;
  readonly #viewer: Page;
  readonly #incidents: string[];
  /** Handles and children at rest: the fewest that have been seen, or what has stayed for longer than the server keeps a connection. */
  #calm: Pick<ServerUse, 'handles' | 'children'> = { handles: Infinity, children: Infinity };

  private constructor(parts: { classroom: Classroom; lectureId: LectureId; mallory: Person; inside: ServerInspector; encoder: SyntheticEncoder; viewer: Page; incidents: string[] }) {
    this.classroom = parts.classroom;
    this.lectureId = parts.lectureId;
    this.mallory = parts.mallory;
    this.inside = parts.inside;
    this.#encoder = parts.encoder;
    this.#viewer = parts.viewer;
    this.#incidents = parts.incidents;
    this.#health = new HealthMonitor(parts.classroom.server.url, parts.classroom.server.pid ?? 0);
  }

  static async open(settings: Readonly<Record<string, string>> = {}): Promise<FuzzTarget> {
    const [found, inspector]: [string[], { url?: string }] = [[], {}];
    const classroom = await Classroom.open({ ...withInspector, ...settings }, (line) => {
      inspector.url ??= inspectorUrlIn(line);
      if (isIncident(line) && found.length < shownIncidents) found.push(line.slice(0, 1200));
    });
    const inside = await ServerInspector.open(classroom.server.pid ?? 0, await until('the inspector', () => inspector.url));
    const [noor, mallory] = [await classroom.student('Noor'), await classroom.student('Mallory')];
    const lectureId = await classroom.startLecture();
    const encoder = new SyntheticEncoder({ url: await classroom.streamUrl(), profile: 'gentle', sizePx: '320x180', frameRate: 15 });
    const viewer = await classroom.openPage(noor, '/');
    await viewer.addInitScript(installFrameWatch);
    await viewer.goto(`${classroom.server.url}/live/${lectureId}`);
    await until('the picture', async () => (await watchedIn(viewer)).pictures.length > 15, 40_000);
    return new FuzzTarget({ classroom, lectureId, mallory, inside, encoder, viewer, incidents: found });
  }

  /** Lets a family of inputs loose twice, and notes in one row what it did to everyone else. */
  async attack(report: TrialReport, family: string, attack: (tally: Tally) => Promise<void>): Promise<void> {
    const start = await this.#settled();
    this.#incidents.length = 0;
    const [tally, fromMs] = [new Tally(), Date.now()];
    const first = await this.#round(attack, tally);
    const before = await this.#settled({ buffersMb: start.buffersMb + addedBuffersMb });
    const second = await this.#round(attack, tally);
    const after = await this.#settled({ heapMb: before.heapMb + addedHeapMb, buffersMb: before.buffersMb + addedBuffersMb, workerResidentMb: before.workerResidentMb + addedWorkerMb });
    const slowestMs = Math.max(first.slowestMs, second.slowestMs);
    const workedMs = Math.max(first.mostWorkedMs, second.mostWorkedMs);
    const freezeMs = Math.max(first.freezeMs, second.freezeMs);
    const seconds = Math.round((Date.now() - fromMs) / 1000);
    report.add({
      family, inputs: tally.inputs, refused: tally.refused, answered: tally.answered, 'internal errors': this.#incidents.length + tally.defects.length,
      'slowest health answer (ms)': slowestMs, 'of it the server worked (ms)': workedMs, 'longest freeze (ms)': Math.round(freezeMs), ...rowOf(before, after), seconds,
    });
    process.stdout.write(`${family}: ${tally.inputs} inputs, ${tally.refused} refused, ${tally.answered} answered, health ${slowestMs} ms (worked ${workedMs} ms), freeze ${Math.round(freezeMs)} ms, heap ${before.heapMb.toFixed(1)} → ${after.heapMb.toFixed(1)} MB, buffers ${before.buffersMb.toFixed(1)} → ${after.buffersMb.toFixed(1)} MB, worker ${before.workerResidentMb.toFixed(0)} → ${after.workerResidentMb.toFixed(0)} MB, resident ${before.residentMb.toFixed(0)} → ${after.residentMb.toFixed(0)} MB, handles ${before.handles} → ${after.handles}, ${seconds} s\n`);
    expect(tally.defects, 'answers that are no coded error and no documented success').toEqual([]);
    expect(this.#incidents, 'bugs in the log').toEqual([]);
    expect(first.failures + second.failures, 'health requests without an answer').toBe(0);
    expect(workedMs).toBeLessThan(slowestHealthMs);
    // A health answer that came late though the server hardly worked: so long the machine had no time for any of us.
    const starvedMs = Math.min(longestFreezeMs, Math.max(0, slowestMs - workedMs));
    expect(freezeMs).toBeLessThan(longestFreezeMs + starvedMs);
    expect(after.handles - before.handles).toBeLessThanOrEqual(addedHandles);
    expect(after.heapMb - before.heapMb).toBeLessThan(addedHeapMb);
    expect(after.buffersMb - before.buffersMb).toBeLessThan(addedBuffersMb);
    expect(after.workerResidentMb - before.workerResidentMb).toBeLessThan(addedWorkerMb);
    expect(after.children).toBeLessThanOrEqual(Math.max(start.children, before.children));
  }

  async #round(attack: (tally: Tally) => Promise<void>, tally: Tally): Promise<HealthSeen & { freezeMs: number }> {
    // What the server did for us before, collecting its garbage, is not the enemies' doing.
    await this.#health.take();
    const fromMs = Date.now();
    await attack(tally);
    const freezeMs = longestPause((await watchedIn(this.#viewer)).pictures, fromMs, Date.now()).pauseMs;
    return { ...(await this.#health.take()), freezeMs };
  }

  async close(): Promise<void> {
    await this.#health.close();
    this.inside.close();
    await this.#encoder.stop();
    await this.classroom.close();
  }

  /** Once the connections and children of whatever came before are gone and its memory is given back, at most as long as the server may keep them. */
  async #settled(memory: Partial<ServerUse> = {}): Promise<ServerUse> {
    const { handles, children } = this.#calm;
    const most = { handles: handles + addedHandles / 2, children };
    const { use, isCalm } = await this.inside.settled(most, settledWithinMs);
    this.#calm = isCalm ? { handles: Math.min(handles, use.handles), children: Math.min(children, use.children) } : use;
    return (await this.inside.settled({ ...(isCalm && most), ...memory }, memoryWithinMs)).use;
  }
}

function rowOf(before: ServerUse, after: ServerUse) {
  const mb = (value: number) => Math.round(value * 10) / 10;
  return {
    'heap before (MB)': mb(before.heapMb), 'heap after (MB)': mb(after.heapMb),
    'buffers before (MB)': mb(before.buffersMb), 'buffers after (MB)': mb(after.buffersMb),
    'worker before (MB)': mb(before.workerResidentMb), 'worker after (MB)': mb(after.workerResidentMb),
    'RSS before (MB)': mb(before.residentMb), 'RSS after (MB)': mb(after.residentMb),
    'handles before': before.handles, 'handles after': after.handles,
  };
}

function isIncident(line: string): boolean {
  if (!line.startsWith('{')) return false;
  const { msg } = JSON.parse(line) as { msg?: string };
  return msg !== undefined && incidents.has(msg);
}
