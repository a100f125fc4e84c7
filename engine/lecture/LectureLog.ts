// Responsible for the rows that one owner of a lecture appends to its log: numbers them, and writes them in order, one batch
// at a time, which fences the log (`appendFenced`). Owns the rows that are not stored yet, and a timer.
import { CodedError } from '../contract/index.ts';
import type { LectureEvent, LectureEventType, LectureId } from '../contract/index.ts';
import { background } from '../kernel/background.ts';
import type { Clock } from '../kernel/Clock.ts';
import type { Collection } from '../kernel/database/index.ts';
import type { Logger } from '../kernel/Logger.ts';
import { appendFenced, FencedError } from '../kernel/ownership/index.ts';
import { logFlushDelayMs, logRetryDelayMs } from './limits.ts';

/** Rows that are no events: the seal of an owner who took the lecture over, and the number of an event that was refused. */
export type LogRowType = LectureEventType | 'log.sealed' | 'log.refused';

export interface EventRow {
  /** `<lecture>:<seq>` */
  _id: string;
  lectureId: string;
  seq: number;
  atMs: number;
  type: LogRowType;
  data: unknown;
  /** Absent in rows of older versions. */
  fence?: number;
}

export function rowId(lectureId: string, seq: number): string {
  return `${lectureId}:${seq}`;
}

/** A class produces hundreds of these at once, so they are written in batches. A crash may lose the last 500 ms of them. */
const batchedEvents: ReadonlySet<LectureEventType> = new Set(['participant.joined', 'participant.left', 'hand.raised', 'hand.lowered']);

/** Chat events are stored before anyone is notified, and their authors can retry. */
function isChatEvent(type: LogRowType): boolean {
  return type.startsWith('chat.');
}

export interface LectureLogOptions {
  lectureId: LectureId;
  fence: number;
  /** The last row of the log. */
  last: Pick<EventRow, 'seq' | 'atMs'> | undefined;
  events: Collection<EventRow>;
  clock: Clock;
  logger: Logger;
  /** Another owner has sealed the log. */
  onFenced: () => void;
}

interface Waiting {
  row: EventRow;
  /** Settle the promise of the writer; absent once they were called. */
  stored?: () => void;
  failed?: (err: unknown) => void;
}

/**
 * The log of a lecture, for its owner. A row that the database refuses is written again by a timer, before all later rows. A
 * chat event is not: its author gets the error, and its number stays unused.
 */
export class LectureLog {
  readonly #options: LectureLogOptions;
  /** In order. */
  #waiting: Waiting[] = [];
  #lastSeq: number;
  #lastAtMs: number;
  #isWriting = false;
  #flushing: Promise<void> = Promise.resolve();
  #cancelFlush: (() => void) | undefined;
  #isRefused = false;
  #isClosed = false;

  constructor(options: LectureLogOptions) {
    this.#options = options;
    this.#lastSeq = options.last?.seq ?? 0;
    this.#lastAtMs = options.last?.atMs ?? 0;
  }

  get lastAtMs(): number {
    return this.#lastAtMs;
  }

  /** The rows that are not stored yet. */
  get unwritten(): EventRow[] {
    return this.#waiting.map(({ row }) => row).filter(({ type }) => !isChatEvent(type));
  }

  /**
   * Numbers an event. `written` resolves when it is stored; at once for an event that is written in a batch, and for events
   * after `close`, which are not stored. It rejects with `disk.full` or `database.unavailable` when the database refuses it,
   * and with a FencedError when another owner has the lecture.
   */
  append<Event extends Omit<LectureEvent, 'seq'>>(body: Event): { event: Event & { seq: number }; written: Promise<void> } {
    this.#lastAtMs = Math.max(this.#lastAtMs, body.atMs);
    this.#lastSeq += 1;
    const event = { ...body, seq: this.#lastSeq };
    return { event, written: this.#isClosed ? this.#afterClose(body.type) : this.#write(event) };
  }

  /** Writes all rows. @throws the error of the first row that the database refuses */
  flush(): Promise<void> {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    if (this.#isWriting) return this.#flushing.catch(() => undefined).then(() => this.flush());
    if (this.#waiting.length === 0) return Promise.resolve();
    this.#isWriting = true;
    this.#flushing = this.#writeAll().finally(() => {
      this.#isWriting = false;
    });
    return this.#flushing;
  }

  /** Stores nothing from now on: another process owns the lecture, or may own it soon. */
  close(): void {
    this.#isClosed = true;
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    const { lectureId, fence } = this.#options;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { failed } of waiting) failed?.(new FencedError(lectureId, fence));
  }

  async #afterClose(type: LectureEventType): Promise<void> {
    if (isChatEvent(type)) throw new FencedError(this.#options.lectureId, this.#options.fence);
  }

  #write({ seq, atMs, type, data }: Omit<LectureEvent, 'data'> & { data: unknown }): Promise<void> {
    const { lectureId, fence } = this.#options;
    const row: EventRow = { _id: rowId(lectureId, seq), lectureId, seq, atMs, type, data, fence };
    if (batchedEvents.has(type)) {
      this.#waiting.push({ row });
      this.#flushAfter(this.#isRefused ? logRetryDelayMs : logFlushDelayMs);
      return Promise.resolve();
    }
    const written = new Promise<void>((stored, failed) => this.#waiting.push({ row, stored, failed }));
    background('eventLog.flush', this.flush(), this.#options.logger);
    return written;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = [...this.#waiting];
      try {
        await this.#insert(batch);
      } catch (err) {
        this.#refused(batch, err);
        throw err;
      }
    }
    this.#isRefused = false;
  }

  /** A row that cannot be stored at all must not hold up the others: then each is written by itself. */
  async #insert(batch: readonly Waiting[]): Promise<void> {
    const { events } = this.#options;
    try {
      await appendFenced(events, batch.map(({ row }) => row));
      return this.#stored(batch);
    } catch (err) {
      if (err instanceof CodedError) throw err;
      for (const one of batch) await appendFenced(events, [one.row]).then(() => this.#stored([one]), (reason: unknown) => this.#unstorable(one, reason));
    }
  }

  #stored(rows: readonly Waiting[]): void {
    this.#waiting = this.#waiting.filter((one) => !rows.includes(one));
    for (const { stored } of rows) stored?.();
  }

  #unstorable(one: Waiting, err: unknown): void {
    if (err instanceof CodedError || one.row.type === 'log.refused') throw err;
    this.#options.logger.error({ err, eventId: one.row._id, type: one.row.type }, 'eventLog.unstorable');
    one.failed?.(err);
    [one.row, one.stored, one.failed] = [withoutEvent(one.row), undefined, undefined];
  }

  #refused(batch: readonly Waiting[], err: unknown): void {
    if (err instanceof FencedError) {
      this.close();
      return this.#options.onFenced();
    }
    for (const one of batch.filter((each) => this.#waiting.includes(each))) {
      one.failed?.(err);
      one.stored = undefined;
      one.failed = undefined;
      if (isChatEvent(one.row.type)) one.row = withoutEvent(one.row);
    }
    this.#isRefused = true;
    this.#flushAfter(logRetryDelayMs);
  }

  #flushAfter(delayMs: number): void {
    const { clock, logger } = this.#options;
    if (this.#isClosed) return;
    this.#cancelFlush ??= clock.after(delayMs, () => {
      this.#cancelFlush = undefined;
      background('eventLog.flush', this.flush(), logger);
    });
  }
}

/** Keeps the number of an event that is not stored: numbers have no gaps, so that the order of writing fences the log. */
function withoutEvent(row: EventRow): EventRow {
  return { ...row, type: 'log.refused', data: {} };
}
