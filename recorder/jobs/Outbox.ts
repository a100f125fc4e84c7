// Responsible for bringing every written segment to the object store: several at once, again and again until it is
// there. What waits is read from the journal, so a restart forgets nothing. Owns its timers and the uploads under way.
import { CodedError, isCoded } from '#engine/contract';
import { background, fromInstant } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { Spool } from '../capture/Spool.ts';
import type { Journal, JournaledFile } from '../journal/Journal.ts';
import { contentTypeOf } from '../storage/contentTypeOf.ts';
import type { ObjectStore } from '../storage/ObjectStore.ts';
import { Backoff } from './Backoff.ts';

export interface OutboxOptions {
  journal: Journal;
  store: ObjectStore;
  spool: Spool;
  clock: Clock;
  logger: Logger;
  /** Uploads at once. */
  concurrency: number;
  /** Everything that was waiting is stored. */
  onIdle(): void;
  onLost(file: JournaledFile): void;
  /** Recordings with a segment that has waited for more than `lateMs`. */
  onBehind(recordingIds: ReadonlySet<string>): void;
}

const heartbeatMs = 5000;
export const lateMs = 30_000;

export class Outbox {
  readonly #options: OutboxOptions;
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #backoff: Backoff;
  #looking: Promise<void> | undefined;
  #mustLookAgain = false;
  #isClosed = false;
  #cancelHeartbeat: () => void = () => undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#backoff = new Backoff(options.clock, () => this.wake());
  }

  start(): void {
    this.#beat();
    this.wake();
  }

  /** There is something new to bring. */
  wake(): void {
    if (this.#isClosed) return;
    if (this.#looking) {
      this.#mustLookAgain = true;
      return;
    }
    this.#looking = this.#look();
    background('outbox.look', this.#looking, this.#options.logger);
  }

  /** Waits for the uploads under way; the rest waits in the journal. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelHeartbeat();
    this.#backoff.close();
    await this.#looking?.catch(() => undefined);
    await Promise.allSettled(this.#underWay.values());
  }

  async #look(): Promise<void> {
    try {
      do {
        this.#mustLookAgain = false;
        await this.#startWaiting();
      } while (this.#mustLookAgain && !this.#isClosed);
    } finally {
      this.#looking = undefined;
    }
  }

  async #startWaiting(): Promise<void> {
    const { journal, concurrency } = this.#options;
    const room = concurrency - this.#underWay.size;
    if (room <= 0 || this.#backoff.isPaused) return;
    const waiting = await journal.waiting(concurrency + this.#backoff.heldCount + this.#underWay.size);
    const free = waiting.filter(({ row }) => !this.#underWay.has(row._id) && !this.#backoff.isHeld(row._id));
    for (const file of free.slice(0, room)) this.#bring(file);
    if (waiting.length === 0 && this.#underWay.size === 0) this.#options.onIdle();
  }

  #bring(file: JournaledFile): void {
    const upload = this.#upload(file).finally(() => {
      this.#underWay.delete(file.row._id);
      this.wake();
    });
    this.#underWay.set(file.row._id, upload);
    background('outbox.upload', upload, this.#options.logger);
  }

  async #upload(file: JournaledFile): Promise<void> {
    const { journal, spool, logger } = this.#options;
    const { row } = file;
    try {
      await this.#put(file);
      await journal.setState(file, 'stored');
      this.#backoff.succeeded(row._id);
    } catch (err) {
      if (isCoded(err, 'object.corrupt') || isCoded(err, 'object.notFound')) return this.#giveUp(file, err);
      const nextTryMs = this.#backoff.failed(row._id, isCoded(err, 'store.unavailable'));
      logger.warn({ err, segment: row.key, nextTryMs }, 'segment.uploadFailed');
      return;
    }
    await spool.remove(row.key);
  }

  async #put({ row }: JournaledFile): Promise<void> {
    const { store, spool } = this.#options;
    try {
      await store.put(row.key, { file: spool.fileOf(row.key) }, { contentType: contentTypeOf(row.key), sha256: row.sha256 });
    } catch (err) {
      if (!isCoded(err, 'object.notFound')) throw err;
      // A process that was killed after storing it may have removed the file, or the row's change may be what was lost.
      const head = await store.head(row.key);
      const isTheSame = head.bytes === row.bytes && (head.sha256 === null || head.sha256 === row.sha256);
      if (!isTheSame) throw new CodedError('object.corrupt', `${row.key} in the store is another one.`, { cause: err });
    }
  }

  async #giveUp(file: JournaledFile, err: unknown): Promise<void> {
    const { journal, logger } = this.#options;
    logger.error({ err, segment: file.row.key }, 'segment.lost');
    await journal.setState(file, 'lost');
    this.#options.onLost(file);
  }

  #beat(): void {
    const { clock, logger } = this.#options;
    this.#cancelHeartbeat = clock.after(heartbeatMs, () => {
      background('outbox.reportBehind', this.#reportBehind(), logger);
      this.wake();
      this.#beat();
    });
  }

  async #reportBehind(): Promise<void> {
    const { journal, clock } = this.#options;
    const late = (await journal.waiting(100)).filter(({ row }) => clock.nowMs() - fromInstant(row.writtenAt) > lateMs);
    this.#options.onBehind(new Set(late.map(({ row }) => row.recordingId)));
  }
}
