// Responsible for uploading every written segment to the object store: several in parallel, each repeated until it is
// stored. The queue is read from the journal, so a restart loses nothing. A file that is the only one that waits is uploaded
// without reading the journal: a lecture writes one a second. Owns its timers and the uploads in flight.
import { CodedError, isCoded, StoreTrouble } from '#engine/contract';
import { background, waitUntilSettled } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { Spool } from '../capture/Spool.ts';
import type { Journal } from '../journal/Journal.ts';
import type { JournaledFile } from '../journal/rows.ts';
import { contentTypeOf } from '../storage/contentTypeOf.ts';
import { isSameObject } from '../storage/isSameObject.ts';
import type { ObjectStore } from '../storage/ObjectStore.ts';
import { sha256OfFile } from '../storage/sha256.ts';
import { Backlog } from './Backlog.ts';
import type { WaitingUploads } from './Backlog.ts';
import { Backoff } from './Backoff.ts';
import { lastUploadsTimeoutMs, lateUploadMs, outboxIntervalMs } from '../limits.ts';

export interface OutboxOptions {
  journal: Journal;
  store: ObjectStore;
  spool: Spool;
  clock: Clock;
  logger: Logger;
  /** Uploads in parallel. */
  concurrency: number;
  /** Called when every waiting segment is stored, which is after almost every one, and every `outboxIntervalMs` while the store is available. */
  onStoreAvailable(): void;
  onLost(file: JournaledFile): void;
  /** `late`: the recordings with a segment that has waited longer than `lateUploadMs`. */
  onBehind(late: ReadonlyMap<string, WaitingUploads>, trouble: StoreTrouble | null): void;
}

export class Outbox {
  readonly #options: OutboxOptions;
  readonly #uploads = new Map<string, Promise<void>>();
  readonly #backoff: Backoff;
  readonly #backlog = new Backlog();
  #trouble: StoreTrouble | null = null;
  #lastStoredMs: number;
  #scheduling: Promise<void> | undefined;
  #mustScheduleAgain = false;
  #isClosed = false;
  #cancelCheck: () => void = () => undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#lastStoredMs = options.clock.nowMs();
    this.#backoff = new Backoff(options.clock, () => this.wake());
  }

  start(): void {
    this.#countWaiting();
    this.#scheduleCheck();
    this.wake();
  }

  /** Adds a file that was journaled. */
  add(file: JournaledFile): void {
    this.#backlog.add(file);
    if (this.#isOnlyWaiting && this.#room > 0 && !this.#isClosed) this.#startUpload(file);
    else this.wake();
  }

  /** Starts the uploads that can start now. */
  wake(): void {
    if (this.#isClosed) return;
    if (this.#scheduling) {
      this.#mustScheduleAgain = true;
      return;
    }
    this.#scheduling = this.#schedule();
    background('outbox.schedule', this.#scheduling, this.#options.logger);
  }

  /** Waits a short time for the uploads in flight. The other files wait in the journal. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelCheck();
    this.#backoff.close();
    await this.#scheduling?.catch(() => undefined);
    await waitUntilSettled(this.#uploads.values(), { clock: this.#options.clock, limitMs: lastUploadsTimeoutMs });
  }

  async #schedule(): Promise<void> {
    try {
      do {
        this.#mustScheduleAgain = false;
        await this.#startWaiting();
      } while (this.#mustScheduleAgain && !this.#isClosed);
    } finally {
      this.#scheduling = undefined;
    }
  }

  /** How many more uploads may start. */
  get #room(): number {
    if (this.#backoff.isPaused) return 0;
    return (this.#backoff.isProbing ? 1 : this.#options.concurrency) - this.#uploads.size;
  }

  /** All files are being uploaded, except for the one that was added last. */
  get #isOnlyWaiting(): boolean {
    return this.#backlog.isCounted && this.#scheduling === undefined && this.#backlog.files === this.#uploads.size + 1;
  }

  async #startWaiting(): Promise<void> {
    const { journal, concurrency } = this.#options;
    const room = this.#room;
    if (room <= 0) return;
    // Nothing waits that is not being uploaded.
    if (this.#backlog.isCounted && this.#backlog.files <= this.#uploads.size) {
      if (this.#uploads.size === 0) this.#options.onStoreAvailable();
      return;
    }
    const waiting = await journal.waiting(concurrency + this.#backoff.failureCount + this.#uploads.size);
    const idle = waiting.filter(({ row }) => !this.#uploads.has(row._id));
    const free = idle.filter(({ row }) => !this.#backoff.isDelayed(row._id));
    const next = free.length > 0 ? free : idle.filter(({ row }) => this.#backoff.canProbe(row._id));
    for (const file of next.slice(0, room)) this.#startUpload(file);
    if (waiting.length === 0 && this.#uploads.size === 0) this.#options.onStoreAvailable();
  }

  #startUpload(file: JournaledFile): void {
    const upload = this.#upload(file).finally(() => {
      this.#uploads.delete(file.row._id);
      this.wake();
    });
    this.#uploads.set(file.row._id, upload);
    background('outbox.upload', upload, this.#options.logger);
  }

  async #upload(file: JournaledFile): Promise<void> {
    try {
      await this.#store(file);
    } catch (err) {
      if (this.#isClosed) return;
      if (await this.#isDamaged(file, err)) await this.#markLost(file, err);
      else this.#retryLater(file, err);
      return;
    }
    await this.#options.spool.remove(file.row.key);
  }

  async #store(file: JournaledFile): Promise<void> {
    await this.#put(file);
    await this.#options.journal.setState(file, 'stored');
    this.#backlog.remove(file);
    this.#lastStoredMs = this.#options.clock.nowMs();
    this.#backoff.succeeded(file.row._id);
    this.#setTrouble(null);
  }

  #retryLater({ row }: JournaledFile, err: unknown): void {
    const isStoreUnavailable = isCoded(err, 'store.unavailable');
    if (isStoreUnavailable) this.#setTrouble(err);
    const nextTryMs = this.#backoff.failed(row._id, isStoreUnavailable);
    this.#options.logger.warn({ err, segment: row.key, nextTryMs }, 'segment.uploadFailed');
  }

  async #put({ row }: JournaledFile): Promise<void> {
    const { store, spool } = this.#options;
    try {
      await store.put(row.key, { file: spool.fileOf(row.key) }, { contentType: contentTypeOf(row.key), sha256: row.sha256 });
    } catch (err) {
      if (!isCoded(err, 'object.notFound')) throw err;
      // An earlier run may have stored and removed the file, and stopped before its row was changed.
      const head = await store.head(row.key);
      if (!isSameObject(head, row)) throw new CodedError('object.corrupt', `${row.key} in the store has other content.`, { cause: err });
    }
  }

  /** True when the file is damaged or missing in the spool. A file that is intact here is not lost, whatever the error says. */
  async #isDamaged({ row }: JournaledFile, err: unknown): Promise<boolean> {
    if (!isCoded(err, 'object.corrupt') && !isCoded(err, 'object.notFound')) return false;
    try {
      return (await sha256OfFile(this.#options.spool.fileOf(row.key))) !== row.sha256;
    } catch (readError) {
      return (readError as NodeJS.ErrnoException).code === 'ENOENT';
    }
  }

  #setTrouble(err: CodedError | null): void {
    const trouble = err && StoreTrouble.catch('away').parse(err.details?.trouble);
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    if (err) this.#options.logger.warn({ trouble, advice: `${err.message} Until then, recordings are kept on this server.` }, 'store.unavailable');
    else this.#options.logger.info('store.recovered');
  }

  async #markLost(file: JournaledFile, err: unknown): Promise<void> {
    try {
      await this.#options.journal.setState(file, 'lost');
    } catch (refusal) {
      return this.#retryLater(file, refusal);
    }
    this.#options.logger.error({ err, segment: file.row.key }, 'segment.lost');
    this.#backlog.remove(file);
    this.#backoff.forget(file.row._id);
    this.#options.onLost(file);
  }

  #scheduleCheck(): void {
    const { clock } = this.#options;
    this.#cancelCheck = clock.after(outboxIntervalMs, () => {
      // The journal did not answer at the start.
      if (!this.#backlog.isCounted) this.#countWaiting();
      // A store that accepts requests without answering counts as unavailable before the requests time out.
      const limitMs = clock.nowMs() - lateUploadMs;
      this.#options.onBehind(this.#backlog.lateSince(limitMs), this.#trouble ?? (this.#lastStoredMs < limitMs ? 'away' : null));
      if (!this.#backoff.isProbing) this.#options.onStoreAvailable();
      this.wake();
      this.#scheduleCheck();
    });
  }

  /** Adds the files that an earlier run left. Uploads of them may end before the journal answers. */
  #countWaiting(): void {
    const counted = this.#options.journal.waiting().then((files) => this.#backlog.addEarlier(files));
    background('outbox.countWaiting', counted, this.#options.logger);
  }
}
