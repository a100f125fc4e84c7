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

/** A class produces hundreds of these at once, so they are written in batches. A crash may lose the last 500 ms of them. */
const batchedEvents: ReadonlySet<LectureEventType> = new Set(['participant.joined', 'participant.left', 'hand.raised', 'hand.lowered']);

/** Chat events are stored before anyone is notified, and their authors can retry. */
function isChatEvent(type: LectureEventType): boolean {
  return type.startsWith('chat.');
}

export interface EventLogsOptions {
  database: Database;
  clock: Clock;
  logger: Logger;
}

/**
 * The events of all lectures, in order. Owns the collection `lectureEvents` and the rows that are not stored yet. A row
 * that the database refuses is kept and written again by a timer, except for chat events: their authors get the error. A
 * refused row does not delay rows that are written after it.
 */
export class EventLogs {
  readonly #events: Collection<EventRow>;
  readonly #options: EventLogsOptions;
  /** Rows of the next flush. */
  #batch: EventRow[] = [];
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

  /** The events after `afterSeq` in order, of the given types or of all, including those that are not stored yet. */
  async read(lectureId: LectureId, types?: readonly LectureEventType[], afterSeq = 0): Promise<LectureEvent[]> {
    const unwritten = [...this.#refused, ...this.#batch, ...this.#inserting].filter(
      (row) => row.lectureId === lectureId && row.seq > afterSeq && !isChatEvent(row.type) && (types?.includes(row.type) ?? true),
    );
    const after = { lectureId, seq: { $gt: afterSeq } };
    const filter = types ? { ...after, type: { $in: [...types] } } : after;
    const rows = await this.#events.find(filter, { sort: { seq: 1 } });
    const bySeq = new Map([...unwritten, ...rows].map((row) => [row.seq, row]));
    return [...bySeq.values()].sort((a, b) => a.seq - b.seq).map(({ seq, atMs, type, data }) => ({ seq, atMs, type, data }) as LectureEvent);
  }

  /**
   * Resolves when the event is stored. An event that is written in batches resolves at once.
   * @throws CodedError `disk.full`, `database.unavailable` when the database refuses this event
   */
  async write(lectureId: LectureId, event: LectureEvent): Promise<void> {
    const { seq, atMs, type, data } = event;
    const row: EventRow = { _id: `${lectureId}:${seq}`, lectureId, seq, atMs, type, data };
    if (batchedEvents.has(type)) return this.#addToBatch(row);
    const earlier = this.#batch;
    this.#batch = [];
    background('eventLog.flush', this.#insertAll(earlier), this.#options.logger);
    await this.#insert(row);
  }

  /** Writes the batch and the refused rows. @throws the error of the first row that the database refuses, after all were tried */
  async flush(): Promise<void> {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    const rows = [...this.#refused, ...this.#batch];
    this.#refused = [];
    this.#batch = [];
    await this.#insertAll(rows);
  }

  /** Inserts each row by itself, so that one refusal affects no other row. The database commits inserts of one turn together. */
  async #insertAll(rows: readonly EventRow[]): Promise<void> {
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
      if (err instanceof DuplicateKeyError) this.#options.logger.error({ err, eventId, lectureId, type }, 'eventLog.conflict');
      else if (!isChatEvent(type)) this.#retryLater(row);
      throw err;
    } finally {
      this.#inserting.delete(row);
    }
  }

  /** Succeeds if the same row is stored already: the response to the first insert was lost. */
  async #insertOnce(row: EventRow): Promise<void> {
    try {
      await this.#events.insertOne(row);
    } catch (err) {
      if (!(err instanceof DuplicateKeyError)) throw err;
      const written = await this.#events.findOne({ _id: row._id });
      if (written?.type !== row.type || written.atMs !== row.atMs) throw err;
    }
  }

  /** While rows are refused, the row waits with them. */
  #addToBatch(row: EventRow): void {
    if (this.#refused.length > 0) return this.#retryLater(row);
    this.#batch.push(row);
    this.#scheduleFlush(logFlushDelayMs);
  }

  #retryLater(row: EventRow): void {
    this.#refused.push(row);
    this.#scheduleFlush(logRetryDelayMs);
  }

  #scheduleFlush(delayMs: number): void {
    const { clock, logger } = this.#options;
    this.#cancelFlush ??= clock.after(delayMs, () => {
      this.#cancelFlush = undefined;
      background('eventLog.flush', this.flush(), logger);
    });
  }
}

/** The log of one live lecture: numbers its events and stamps them with the lecture clock, which never runs backwards, not even after a restart. */
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

  /** Stamps the event; `written` resolves when it is stored. */
  append(body: LectureEventBody): { event: LectureEvent; written: Promise<void> } {
    this.#lastAtMs = this.nowMs();
    this.#lastSeq += 1;
    const event: LectureEvent = { ...body, seq: this.#lastSeq, atMs: this.#lastAtMs };
    return { event, written: this.#logs.write(this.#lectureId, event) };
  }
}
