import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CourseId, LectureId } from '#engine/contract';
import { until } from '#engine/testing';
import { LecternProcess } from '../../demo/LecternProcess.ts';
import { Person } from '../../demo/Person.ts';
import { CopiedEncoder, makeSource } from '../load/CopiedEncoder.ts';
import type { SourceOptions } from '../load/CopiedEncoder.ts';
import type { ViewerAddress } from '../load/ViewerSignaling.ts';
import { NodeInspector } from './NodeInspector.ts';

const password = 'a good password';
/** One account may have so many pages in a room. */
const viewersPerAccount = 8;

/** pino's levels: 40 is a warning. */
const seriousLine = /"level":[4-6]0/;

export interface BenchLecture {
  lectureId: LectureId;
  encoder: CopiedEncoder;
}

/** A Lectern for a bench, with lectures that are pushed from a file and accounts of students. Owns the server, the encoders and the files. */
export class BenchServer {
  readonly server: LecternProcess;
  readonly #folder: string;
  readonly #ada: Person;
  readonly #students: Person[] = [];
  readonly #courses: CourseId[] = [];
  readonly #encoders: CopiedEncoder[] = [];
  readonly #sources = new Map<string, Promise<string>>();
  readonly #inspector: NodeInspector;
  #viewerCount = 0;

  private constructor(parts: { server: LecternProcess; folder: string; ada: Person; inspector: NodeInspector }) {
    this.server = parts.server;
    this.#folder = parts.folder;
    this.#ada = parts.ada;
    this.#inspector = parts.inspector;
  }

  /** It takes viewers beyond what its workers can send, unless the settings say otherwise. */
  static async open({ workers = 1, settings: given = {} }: { workers?: number; settings?: Readonly<Record<string, string>> } = {}): Promise<BenchServer> {
    const folder = await mkdtemp(path.join(tmpdir(), 'lectern-bench-'));
    const settings = {
      LECTERN_HTTP_PORT: '0', LECTERN_RTMP_PORT: '0', LECTERN_RTC_PORT: '0', LECTERN_HTTP_LISTEN_ADDRESS: '127.0.0.1',
      LECTERN_RTC_WORKERS: String(workers), LECTERN_RTC_FULL_SHARE: '2', LECTERN_LOG_LEVEL: 'info', ...given,
    };
    const inspector = new NodeInspector();
    const onLine = (line: string) => {
      inspector.readLine(line);
      if (seriousLine.test(line)) process.stderr.write(`${line}\n`);
    };
    const server = await LecternProcess.start({ dataFolder: path.join(folder, 'data'), settings: { ...settings, ...inspector.settings }, onLine });
    if (!server.setupToken) throw new Error('a new server prints a link for the first account');
    const ada = await Person.first(server.url, server.setupToken, { email: 'ada@example.org', displayName: 'Ada', password });
    return new BenchServer({ server, folder, ada, inspector });
  }

  get pid(): number {
    return this.server.pid ?? NaN;
  }

  /** Collects Node's garbage, so that its memory is what it needs. */
  collectGarbage(): Promise<void> {
    return this.#inspector.collectGarbage(this.pid);
  }

  /** Starts a lecture in a course of its own, with an encoder that pushes this source. */
  async goLive(title: string, source: SourceOptions): Promise<BenchLecture> {
    const { api } = this.#ada;
    const file = await this.#sourceFile(source);
    const { id: courseId } = await api.createCourse({ body: { title, description: '', enrolmentPolicy: 'open' } });
    const { id: lectureId } = await api.startLecture({ body: { courseId, title, isRecorded: true } });
    const { serverUrl, streamKey } = await api.issueStreamKey({ params: { courseId } });
    const encoder = new CopiedEncoder(file, `${serverUrl}/${streamKey}`);
    this.#encoders.push(encoder);
    for (const student of this.#students) await enrol(student, courseId);
    this.#courses.push(courseId);
    // The pools of viewers subscribe to what is published when they join.
    await until('the media of the encoder', async () => (await api.getLecture({ params: { lectureId } })).videoId !== null, 30_000);
    return { lectureId, encoder };
  }

  /** Creates enough accounts for so many more viewers. */
  async addAccounts(count: number): Promise<void> {
    const needed = Math.ceil((this.#viewerCount + count) / viewersPerAccount);
    while (this.#students.length < needed) await this.#addAccount();
  }

  /** Tickets for so many viewers, each valid for a minute. */
  async viewers(lectureId: LectureId, count: number): Promise<ViewerAddress[]> {
    await this.addAccounts(count);
    const viewers: ViewerAddress[] = [];
    for (let index = 0; index < count; index += 1) {
      const student = this.#students[Math.floor((this.#viewerCount + index) / viewersPerAccount)];
      if (!student) throw new Error('there are too few accounts');
      const { ticket } = await student.api.joinLecture({ body: { lectureId } });
      viewers.push({ kind: 'lectern', baseUrl: this.server.url, ticket });
    }
    this.#viewerCount += count;
    return viewers;
  }

  async close(): Promise<void> {
    for (const encoder of this.#encoders) await encoder.stop();
    await this.server.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #addAccount(): Promise<void> {
    const name = `student${this.#students.length + 1}`;
    const student = await Person.signUp(this.server.url, { email: `${name}@example.org`, displayName: name, password });
    for (const courseId of this.#courses) await enrol(student, courseId);
    this.#students.push(student);
  }

  #sourceFile(source: SourceOptions): Promise<string> {
    const name = `${source.sizePx}-${source.videoKbps}.flv`;
    const file = path.join(this.#folder, name);
    const making = this.#sources.get(name) ?? makeSource(file, source).then(() => file);
    this.#sources.set(name, making);
    return making;
  }
}

async function enrol(student: Person, courseId: CourseId): Promise<void> {
  await student.api.enrol({ params: { courseId }, body: {} });
}
