import type { LectureEvent, LectureFact, LectureFactType, LectureId } from '../contract/index.ts';
import type { Collection, Database } from '../kernel/database/index.ts';

interface EventRow {
  _id: string;
  lectureId: string;
  seq: number;
  atMs: number;
  type: LectureFactType;
  data: unknown;
}

/** Every lecture's facts, in order, for good. Owns the collection `lectureEvents`. */
export class EventLogs {
  readonly #events: Collection<EventRow>;

  constructor(database: Database) {
    this.#events = database.collection<EventRow>({
      name: 'lectureEvents',
      indexes: [{ keys: { lectureId: 1, seq: 1 }, unique: true }, { keys: { lectureId: 1, type: 1, seq: 1 } }],
    });
  }

  async read(lectureId: LectureId, types?: readonly LectureFactType[]): Promise<LectureEvent[]> {
    const filter = types ? { lectureId, type: { $in: [...types] } } : { lectureId };
    const rows = await this.#events.find(filter, { sort: { seq: 1 } });
    return rows.map(({ seq, atMs, type, data }) => ({ seq, atMs, type, data }) as LectureEvent);
  }

  async write(lectureId: LectureId, event: LectureEvent): Promise<void> {
    const { seq, atMs, type, data } = event;
    await this.#events.insertOne({ _id: `${lectureId}:${seq}`, lectureId, seq, atMs, type, data });
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
