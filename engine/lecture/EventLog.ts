import type { LectureEvent, LectureEventBody, LectureEventType, LectureId } from '../contract/index.ts';
import type { Clock } from '../kernel/Clock.ts';
import type { Collection, Database } from '../kernel/database/index.ts';
import type { Logger } from '../kernel/Logger.ts';
import { sealFenced } from '../kernel/ownership/index.ts';
import { eventIndexes } from './eventIndexes.ts';
import { LectureLog, rowId } from './LectureLog.ts';
import type { EventRow, LogRowType } from './LectureLog.ts';

export interface EventLogsOptions {
  database: Database;
  clock: Clock;
  logger: Logger;
}

/** The owner of a log, who appends to it. */
export interface LogOwner {
  lectureId: LectureId;
  /** The number of the owner's lease. */
  fence: number;
  /** Another owner has sealed the log. */
  onFenced: () => void;
}

/** The events of all lectures, in order. Owns the collection `lectureEvents`, and the open logs of the lectures of this process. */
export class EventLogs {
  readonly #events: Collection<EventRow>;
  readonly #options: EventLogsOptions;
  readonly #open = new Map<LectureId, LectureLog>();

  constructor(options: EventLogsOptions) {
    this.#options = options;
    this.#events = options.database.collection<EventRow>({
      name: 'lectureEvents',
      indexes: eventIndexes,
    });
  }

  /** The events after `afterSeq` in order, of the given types or of all, including those that are not stored yet. */
  async read(lectureId: LectureId, types?: readonly LectureEventType[], afterSeq = 0): Promise<LectureEvent[]> {
    const isWanted = ({ seq, type }: EventRow) => seq > afterSeq && (types as readonly LogRowType[] | undefined)?.includes(type) !== false;
    const unwritten = (this.#open.get(lectureId)?.unwritten ?? []).filter(isWanted);
    const after = { lectureId, seq: { $gt: afterSeq } };
    const filter = types ? { ...after, type: { $in: [...types] } } : after;
    const rows = await this.#events.find(filter, { sort: { seq: 1 } });
    const bySeq = new Map([...unwritten, ...rows].map((row) => [row.seq, row]));
    const events = [...bySeq.values()].filter(({ type }) => !type.startsWith('log.')).sort((a, b) => a.seq - b.seq);
    return events.map(({ seq, atMs, type, data }) => ({ seq, atMs, type, data }) as LectureEvent);
  }

  /** The last event before each owner but the first took the log over, in ms of the lecture clock. */
  async sealTimes(lectureId: LectureId): Promise<number[]> {
    return (await this.#events.find({ lectureId, type: 'log.sealed' }, { sort: { seq: 1 } })).map(({ atMs }) => atMs);
  }

  /**
   * Opens the log of a lecture for its owner. From then on, rows of earlier owners are refused. The first owner writes no
   * seal. @throws FencedError when a later owner has opened it
   */
  async open({ lectureId, fence, onFenced }: LogOwner): Promise<LectureLog> {
    const { clock, logger } = this.#options;
    const events = this.#events;
    const readLast = async () => (await events.find({ lectureId }, { sort: { seq: -1 }, limit: 1 }))[0];
    const sealAfter = (before: EventRow | undefined): EventRow => {
      const seq = (before?.seq ?? 0) + 1;
      return { _id: rowId(lectureId, seq), lectureId, seq, atMs: before?.atMs ?? 0, type: 'log.sealed', data: {}, fence };
    };
    const last = fence === 1 ? await readLast() : await sealFenced({ collection: events, fence, readLast, sealAfter });
    const log = new LectureLog({ lectureId, fence, last, events, clock, logger, onFenced });
    this.#open.set(lectureId, log);
    return log;
  }

  /** Its owner has closed the log. */
  forget(log: LectureLog): void {
    for (const [lectureId, open] of this.#open) if (open === log) this.#open.delete(lectureId);
  }
}

/** The log of one live lecture: stamps its events with the lecture clock, which never runs backwards, not even after a restart. */
export class EventLog {
  readonly #log: LectureLog;
  readonly #lectureClockMs: () => number;

  constructor(options: { log: LectureLog; lectureClockMs: () => number }) {
    this.#log = options.log;
    this.#lectureClockMs = options.lectureClockMs;
  }

  /** The lecture clock, in whole milliseconds. */
  nowMs(): number {
    return Math.max(this.#log.lastAtMs, Math.round(this.#lectureClockMs()));
  }

  /** Stamps the event; `written` resolves when it is stored. */
  append(body: LectureEventBody): { event: LectureEvent; written: Promise<void> } {
    return this.#log.append({ ...body, atMs: this.nowMs() });
  }
}
