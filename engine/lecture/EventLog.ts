import type { LectureEvent, LectureFact, LectureFactType, LectureId } from '../contract/index.ts';
import { background } from '../kernel/background.ts';
import type { Clock } from '../kernel/Clock.ts';
import type { Collection, Database } from '../kernel/database/index.ts';
import type { Logger } from '../kernel/Logger.ts';

interface EventRow {
  _id: string;
  lectureId: string;
  seq: number;
  atMs: number;
  type: LectureFactType;
  data: unknown;
}

/** Facts of whom a class brings hundreds at once: they share one flush to the disk, which a crash may come before. */
const patientFacts: ReadonlySet<LectureFactType> = new Set(['participant.joined', 'participant.left', 'hand.raised', 'hand.lowered']);
const patienceMs = 500;
/** After a flush that the database refused. */
const refusedPatienceMs = 5000;

/** What people wrote is on the disk before anyone sees it; other facts are told at once. */
export function isWriting(type: LectureFactType): boolean {
  return type.startsWith('chat.');
}

export interface EventLogsOptions {
  database: Database;
  clock: Clock;
  logger: Logger;
}

/**
 * Every lecture's facts, in order, for good. Owns the collection `lectureEvents` and the rows that wait for their flush;
 * those that the database refuses wait on, except what people wrote: they are told, and may write it again.
 */
export class EventLogs {
  readonly #events: Collection<EventRow>;
  readonly #options: EventLogsOptions;
  #waiting: EventRow[] = [];
  #cancelFlush: (() => void) | undefined;

  constructor(options: EventLogsOptions) {
    this.#options = options;
    this.#events = options.database.collection<EventRow>({
      name: 'lectureEvents',
      indexes: [{ keys: { lectureId: 1, seq: 1 }, unique: true }, { keys: { lectureId: 1, type: 1, seq: 1 } }],
    });
  }

  /** In their order, of these types or of all, behind `afterSeq`. */
  async read(lectureId: LectureId, types?: readonly LectureFactType[], afterSeq = 0): Promise<LectureEvent[]> {
    await this.flush().catch((err: unknown) => this.#options.logger.warn({ err }, 'eventLog.refused'));
    const behind = { lectureId, seq: { $gt: afterSeq } };
    const filter = types ? { ...behind, type: { $in: [...types] } } : behind;
    const rows = await this.#events.find(filter, { sort: { seq: 1 } });
    const refused = this.#waiting.filter((row) => row.lectureId === lectureId && row.seq > afterSeq && (types?.includes(row.type) ?? true));
    return [...rows, ...refused].map(({ seq, atMs, type, data }) => ({ seq, atMs, type, data }) as LectureEvent);
  }

  /** Resolves when the event is on the disk; one that is patient, when it is sure to be written with the next. */
  async write(lectureId: LectureId, event: LectureEvent): Promise<void> {
    const { seq, atMs, type, data } = event;
    this.#waiting.push({ _id: `${lectureId}:${seq}`, lectureId, seq, atMs, type, data });
    if (!patientFacts.has(type)) return this.flush();
    this.#flushLater(patienceMs);
  }

  /** Writes what waits. */
  async flush(): Promise<void> {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    const rows = this.#waiting;
    this.#waiting = [];
    const [first] = rows;
    try {
      if (rows.length === 1 && first) await this.#events.insertOne(first);
      else if (rows.length > 1) await this.#events.insertMany(rows);
    } catch (err) {
      this.#waiting = [...rows.filter(({ type }) => !isWriting(type)), ...this.#waiting];
      if (this.#waiting.length > 0) this.#flushLater(refusedPatienceMs);
      throw err;
    }
  }

  #flushLater(delayMs: number): void {
    const { clock, logger } = this.#options;
    this.#cancelFlush ??= clock.after(delayMs, () => {
      this.#cancelFlush = undefined;
      background('eventLog.flush', this.flush(), logger);
    });
  }
}

/** The end of one live lecture's log: numbers and stamps facts. `lectureClockMs` never runs backwards, restarts included. */
export class EventLog {
  readonly #logs: EventLogs;
  readonly #lectureId: LectureId;
  readonly #lectureClockMs: () => number;
  #lastSeq: number;
  #lastAtMs: number;

  constructor(options: { logs: EventLogs; lectureId: LectureId; past: readonly LectureEvent[]; lectureClockMs: () => number }) {
    this.#logs = options.logs;
    this.#lectureId = options.lectureId;
    this.#lectureClockMs = options.lectureClockMs;
    this.#lastSeq = options.past.at(-1)?.seq ?? 0;
    this.#lastAtMs = options.past.at(-1)?.atMs ?? 0;
  }

  /** The lecture clock, in whole milliseconds. */
  nowMs(): number {
    return Math.max(this.#lastAtMs, Math.round(this.#lectureClockMs()));
  }

  /** Stamps the fact at once; `written` resolves when it is on the disk. */
  append(fact: LectureFact): { event: LectureEvent; written: Promise<void> } {
    this.#lastAtMs = this.nowMs();
    this.#lastSeq += 1;
    const event: LectureEvent = { ...fact, seq: this.#lastSeq, atMs: this.#lastAtMs };
    return { event, written: this.#logs.write(this.#lectureId, event) };
  }
}
