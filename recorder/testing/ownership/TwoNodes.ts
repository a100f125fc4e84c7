// Responsible for two processes on one database and one object store, and a lecture that both want. Owns the processes, the
// database, its server and the folders.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LectureRegistry, personalEvents } from '#engine';
import { CourseId, LectureId, UserId } from '#engine/contract';
import { newId, openSqliteDatabase, ResourceStack, systemClock } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { FakeMediaPlane, serveDatabase, silentLogger, until } from '#engine/testing';
import { auditRecordings } from '../../audit/auditRecordings.ts';
import type { AuditReport } from '../../audit/AuditReport.ts';
import { Spool } from '../../capture/Spool.ts';
import { Journal } from '../../journal/Journal.ts';
import { VideoStore } from '../../library/index.ts';
import { openFolderObjectStore } from '../../storage/FolderObjectStore.ts';
import { encodeProgram } from '../encodedMedia.ts';
import { LectureNode } from './LectureNode.ts';

/** What is wrong with the log of the lecture. */
export interface LogVerdict {
  rows: number;
  /** Rows that an owner wrote after the seal of a later one. */
  late: string[];
  /** Numbers that no row has. */
  gaps: number;
  /** Messages whose author was told that they are stored, and that are not. */
  lost: string[];
}

const recordingSeconds = 20;

export class TwoNodes {
  readonly lectureId: LectureId;
  readonly nodes: readonly [LectureNode, LectureNode];
  readonly #folder: string;
  readonly #database: Database;
  readonly #parts: ResourceStack;

  private constructor(options: { lectureId: LectureId; nodes: readonly [LectureNode, LectureNode]; folder: string; database: Database; parts: ResourceStack }) {
    this.lectureId = options.lectureId;
    this.nodes = options.nodes;
    this.#folder = options.folder;
    this.#database = options.database;
    this.#parts = options.parts;
  }

  /** Starts both processes. The lecture is scheduled. */
  static async open(): Promise<TwoNodes> {
    await using building = new ResourceStack();
    const folder = await mkdtemp(path.join(tmpdir(), 'lectern-nodes-'));
    building.defer('folder', () => rm(folder, { recursive: true, force: true }));
    await encodeProgram({ folder, name: 'program', seconds: recordingSeconds, keyframeEveryFrames: 30 });
    const database = building.add('database', await openSqliteDatabase({ path: path.join(folder, 'lectern.db') }));
    const server = building.add('database server', await serveDatabase(database));
    const shared = { storeFolder: path.join(folder, 'objects'), databaseUrl: server.url, flv: path.join(folder, 'program.flv') };
    const nodes = [new LectureNode({ ...shared, dataFolder: path.join(folder, 'first') }), new LectureNode({ ...shared, dataFolder: path.join(folder, 'second') })] as const;
    for (const node of nodes) {
      building.defer('node', () => node.kill());
      await node.start();
    }
    const registry = LectureRegistry.create({ database, plane: new FakeMediaPlane(), clock: systemClock, logger: silentLogger, graceMs: 300_000 });
    const plan = { courseId: CourseId.parse(newId('crs')), title: 'Optics', scheduledAt: null, durationMinutes: null, isRecorded: true, createdBy: UserId.parse(newId('usr')) };
    const lectureId = LectureId.parse((await registry.schedule(plan))._id);
    return new TwoNodes({ lectureId, nodes, folder, database, parts: building.move() });
  }

  /** Both processes start the lecture at once. Resolves with the one that owns it. */
  async start(): Promise<LectureNode> {
    for (const node of this.nodes) node.command(`start ${this.lectureId}`);
    await until('an owner and a refusal', () => this.nodes.some((node) => node.has('owner', 0)) && this.nodes.some((node) => node.has('refused', 0)));
    const owners = this.nodes.filter((node) => node.has('owner', 0));
    if (owners.length !== 1 || !owners[0]) throw new Error(`${owners.length} processes own the lecture`);
    return owners[0];
  }

  other(node: LectureNode): LectureNode {
    return node === this.nodes[0] ? this.nodes[1] : this.nodes[0];
  }

  /** Waits until the recording has this many more segments of video. */
  async untilRecorded(segments: number): Promise<void> {
    const journal = new Journal(this.#database);
    const count = async () => {
      const row = await journal.ofLecture(this.lectureId);
      return row ? (await journal.segmentsOf(row._id, 'main-video')).length : 0;
    };
    const before = await count();
    await until(`${segments} more segments`, async () => (await count()) >= before + segments);
  }

  /** Ends the lecture, and waits until its recording is finished and stored. */
  async end(owner: LectureNode): Promise<void> {
    owner.command(`end ${this.lectureId}`);
    const journal = new Journal(this.#database);
    await until('a stored recording', async () => (await journal.ofLecture(this.lectureId))?.isStored, 120_000);
  }

  /** How many recordings there are. */
  async recordings(): Promise<number> {
    const ids = new Set<string>();
    for await (const { _id } of new Journal(this.#database).all()) ids.add(_id);
    return ids.size;
  }

  /** Audits the recording with the spool of each node. The processes have ended. */
  async audits(): Promise<AuditReport[]> {
    const storeFolder = path.join(this.#folder, 'objects');
    const store = await openFolderObjectStore(storeFolder);
    const reports: AuditReport[] = [];
    for (const { nodeId, dataFolder } of this.nodes) {
      const spoolFolder = path.join(dataFolder, 'spool');
      const places = { store, storeFolder, spool: new Spool(spoolFolder), spoolFolder, workFolder: path.join(dataFolder, 'work') };
      reports.push(await auditRecordings({ journal: new Journal(this.#database, nodeId), videos: new VideoStore(this.#database), ...places }));
    }
    await store.close();
    return reports;
  }

  async log(): Promise<LogVerdict> {
    const events = this.#database.collection(personalEvents);
    const rows = await events.find({ lectureId: this.lectureId }, { sort: { seq: 1 } });
    const texts = new Set(rows.map(({ data }) => data.message?.text));
    const stored = this.nodes.flatMap(({ events: printed }) => printed.flatMap((one) => (one.event === 'stored' ? [one.text] : [])));
    return {
      rows: rows.length,
      late: rows.filter(({ fence = 0 }, index) => fence < (rows[index - 1]?.fence ?? 0)).map(({ _id }) => _id),
      gaps: (rows.at(-1)?.seq ?? 0) - rows.length,
      lost: stored.filter((text) => !texts.has(text)),
    };
  }

  async close(): Promise<void> {
    await this.#parts[Symbol.asyncDispose]();
  }
}
