import type { LectureEvent, LectureEventBody, LectureEventType, LectureId } from '../contract/index.ts';
import { background } from '../kernel/background.ts';
import type { Clock } from '../kernel/Clock.ts';
import { DuplicateKeyError } from '../kernel/database/index.ts';
import type { Collection, Database } from '../kernel/database/index.ts';
import type { Logger } from '../kernel/Logger.ts';
import { logFlushDelayMs, logRetryDelayMs } from './limits.ts';

interface EventRow {
  _id: string;
  lectureId: string;
  seq: number;
  atMs: number;
  type: LectureEventType;
  data: unknown;
}

/** Facts of whom a class brings hundreds at once: they share one flush to the disk, which a crash may come before. */
const patientFacts: ReadonlySet<LectureEventType> = new Set(['participant.joined', 'participant.left', 'hand.raised', 'hand.lowered']);

/** What people wrote is on the disk before anyone sees it. */
function isWriting(type: LectureEventType): boolean {
  return type.startsWith('chat.');
}

export interface EventLogsOptions {
  database: Database;
  clock: Clock;
  logger: Logger;
}

/**
 * Every lecture's facts, in order, for good. Owns the collection `lectureEvents` and the rows that are not on the disk
 * yet; those that the database refuses wait on, except what people wrote: they are told, and may write it again.
 * What is refused is tried again by its timer alone, so that it is in the way of nothing that is written meanwhile.
 */
export class EventLogs {
  readonly #events: Collection<EventRow>;
  readonly #options: EventLogsOptions;
  /** Patient ones, which go with the next flush. */
  #waiting: EventRow[] = [];
  #refused: EventRow[] = [];
  readonly #inserting = new Set<EventRow>();
  #cancelFlush: (() => void) | undefined;

  constructor(options: EventLogsOptions) {
    this.#options = options;
    this.#events = options.database.collection<EventRow>({
      name: 'lectureEvents',
      indexes: [{ keys: { lectureId: 1, seq: 1 }, unique: true }, { keys: { lectureId: 1, type: 1, seq: 1 } }],
    });
  }

  /** In their order, of these types or of all, behind `afterSeq`; those that are still to be written among them. */
  async read(lectureId: LectureId, types?: readonly LectureEventType[], afterSeq = 0): Promise<LectureEvent[]> {
    const unwritten = [...this.#refused, ...this.#waiting, ...this.#inserting].filter(
      (row) => row.lectureId === lectureId && row.seq > afterSeq && !isWriting(row.type) && (types?.includes(row.type) ?? true),
    );
    const behind = { lectureId, seq: { $gt: afterSeq } };
    const filter = types ? { ...behind, type: { $in: [...types] } } : behind;
    const rows = await this.#events.find(filter, { sort: { seq: 1 } });
    const bySeq = new Map([...unwritten, ...rows].map((row) => [row.seq, row]));
    return [...bySeq.values()].sort((a, b) => a.seq - b.seq).map(({ seq, atMs, type, data }) => ({ seq, atMs, type, data }) as LectureEvent);
  }

  /**
   * Resolves when the event is on the disk; one that is patient, when it is sure to be written with the next.
   * @throws CodedError `disk.full`, `database.unavailable` when the database refuses this event
   */
  async write(lectureId: LectureId, event: LectureEvent): Promise<void> {
    const { seq, atMs, type, data } = event;
    const row: EventRow = { _id: `${lectureId}:${seq}`, lectureId, seq, atMs, type, data };
    if (patientFacts.has(type)) return this.#wait(row);
    const company = this.#waiting;
    this.#waiting = [];
    background('eventLog.flush', this.#insertEach(company), this.#options.logger);
    await this.#insert(row);
  }

  /** Writes what waits. @throws what the database answered to the first that it refused, when all have been tried */
  async flush(): Promise<void> {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    const rows = [...this.#refused, ...this.#waiting];
    this.#refused = [];
    this.#waiting = [];
    await this.#insertEach(rows);
  }

  /** Each for itself, so that one which is refused takes no other with it; the database gives those of one turn a common commit. */
  async #insertEach(rows: readonly EventRow[]): Promise<void> {
    const outcomes = await Promise.allSettled(rows.map((row) => this.#insert(row)));
    const refusal = outcomes.find(({ status }) => status === 'rejected');
    if (refusal?.status === 'rejected') throw refusal.reason;
  }

  async #insert(row: EventRow): Promise<void> {
    const { _id: eventId, lectureId, type } = row;
    this.#inserting.add(row);
    try {
      await this.#insertOnce(row);
    } catch (err) {
      if (err instanceof DuplicateKeyError) this.#options.logger.error({ err, eventId, lectureId, type }, 'eventLog.contradicted');
      else if (!isWriting(type)) this.#keep(row);
      throw err;
    } finally {
      this.#inserting.delete(row);
    }
  }

  /** Writing the same row again, because the first answer was lost, counts as done. */
  async #insertOnce(row: EventRow): Promise<void> {
    try {
      await this.#events.insertOne(row);
    } catch (err) {
      if (!(err instanceof DuplicateKeyError)) throw err;
      const written = await this.#events.findOne({ _id: row._id });
      if (written?.type !== row.type || written.atMs !== row.atMs) throw err;
    }
  }

  /** After a refusal, patient ones wait with what was refused. */
  #wait(row: EventRow): void {
    if (this.#refused.length > 0) return this.#keep(row);
    this.#waiting.push(row);
    this.#flushLater(logFlushDelayMs);
  }

  #keep(row: EventRow): void {
    this.#refused.push(row);
    this.#flushLater(logRetryDelayMs);
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
  append(fact: LectureEventBody): { event: LectureEvent; written: Promise<void> } {
    this.#lastAtMs = this.nowMs();
    this.#lastSeq += 1;
    const event: LectureEvent = { ...fact, seq: this.#lastSeq, atMs: this.#lastAtMs };
    return { event, written: this.#logs.write(this.#lectureId, event) };
  }
}
