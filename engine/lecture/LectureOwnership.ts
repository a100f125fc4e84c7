// Responsible for which lectures this process owns: takes a lecture's lease, makes its state and log writable for this owner
// only, and watches the lectures of other processes. Owns the leases it has taken, the logs of their lectures, and a timer.
import { CodedError } from '../contract/index.ts';
import type { CourseId, LectureId } from '../contract/index.ts';
import { background } from '../kernel/background.ts';
import type { Clock } from '../kernel/Clock.ts';
import { KeyedMutex } from '../kernel/KeyedMutex.ts';
import { leaseWaitMs, leaseWatchIntervalMs } from '../kernel/limits.ts';
import type { Logger } from '../kernel/Logger.ts';
import { FencedError } from '../kernel/ownership/index.ts';
import type { Lease, LeaseKeeper } from '../kernel/ownership/index.ts';
import { retryUntilPersisted } from '../kernel/retryUntilPersisted.ts';
import type { EventLogs } from './EventLog.ts';
import { maxTakeoverDelayMs } from './limits.ts';
import type { LectureLog } from './LectureLog.ts';
import type { LectureRow, LectureStore, OwnedFields } from './LectureStore.ts';

/** A lecture whose owner this process is, until `lease` is lost or released. */
export interface OwnedLecture {
  lectureId: LectureId;
  lease: Lease;
  log: LectureLog;
}

export interface LectureOwnershipOptions {
  leases: LeaseKeeper;
  store: LectureStore;
  logs: EventLogs;
  clock: Clock;
  logger: Logger;
}

export class LectureOwnership {
  readonly #options: LectureOwnershipOptions;
  readonly #owned = new Map<LectureId, { owned: OwnedLecture; users: number }>();
  readonly #mutex = new KeyedMutex();
  readonly #closing = new AbortController();
  #cancelWatch: () => void = () => undefined;

  constructor(options: LectureOwnershipOptions) {
    this.#options = options;
  }

  /**
   * Takes a lecture, with its row as it is from then on. No earlier owner can write its state or log any longer. The caller
   * releases it. `waitMs`: how long it waits for a process that is gone. @throws CodedError `lecture.elsewhere` while another process owns it, `lecture.notFound`
   */
  acquire(lectureId: LectureId, waitMs = 0): Promise<OwnedLecture & { row: LectureRow }> {
    return this.#mutex.run(lectureId, async () => {
      const known = this.#owned.get(lectureId);
      if (known && !known.owned.lease.hasEnded) {
        const row = await this.#options.store.get(lectureId);
        known.users += 1;
        return { ...known.owned, row };
      }
      return this.#take(lectureId, waitMs);
    });
  }

  /** Gives a lecture up, as soon as what waits for its log is stored. Resolves after the first attempt. */
  async release(owned: OwnedLecture): Promise<void> {
    const { clock, logger } = this.#options;
    try {
      await this.#release(owned);
    } catch (err) {
      logger.warn({ err, lectureId: owned.lectureId }, 'lecture.releaseDelayed');
      background('lecture.release', retryUntilPersisted(() => this.#release(owned), { clock, signal: this.#closing.signal }), logger);
    }
  }

  /** Owns the lecture for one task. @throws CodedError `lecture.elsewhere`, `lecture.notFound` */
  async run<T>(lectureId: LectureId, task: (owned: OwnedLecture & { row: LectureRow }) => Promise<T>): Promise<T> {
    const owned = await this.acquire(lectureId);
    try {
      return await task(owned);
    } finally {
      await this.release(owned);
    }
  }

  /** @throws FencedError when this process does not own the lecture any longer */
  async writeState({ lectureId, lease }: OwnedLecture, change: OwnedFields): Promise<void> {
    if (lease.hasEnded) throw new FencedError(lectureId, lease.fence);
    try {
      await this.#options.store.updateOwned(lectureId, lease.fence, change);
    } catch (err) {
      if (err instanceof FencedError) lease.lose('taken');
      throw err;
    }
  }

  /**
   * Starts a lecture of a course while no other process does, after asking the database whether one is on the air. `start`
   * calls `assertAlone` before it stores that the lecture is live.
   */
  async startAlone<T>(courseId: CourseId, { assertFree, start }: { assertFree: (rows: LectureRow[]) => void; start: (assertAlone: () => void) => Promise<T> }): Promise<T> {
    const { leases, store } = this.#options;
    // A process that is alone with its database knows its live lectures.
    if (!leases.isShared) return start(() => undefined);
    const run = async (lease: Lease) => {
      assertFree(await store.onAirOf(courseId));
      return start(() => {
        if (!lease.isHeld) throw new CodedError('lecture.elsewhere', 'The server could not reach its database in time. Press Start again.');
      });
    };
    return leases.run(courseId, run, leaseWaitMs);
  }

  /**
   * Looks regularly for lectures whose owner has ended. `candidates`: lectures that need an owner and have none in this process.
   * Does nothing if no other process can own a lecture. `takeOver` resolves with false when it failed; it is called again after twice as long each time.
   */
  watch(candidates: () => Promise<LectureId[]>, takeOver: (lectureId: LectureId) => Promise<boolean>): void {
    const { leases, clock, logger } = this.#options;
    if (!leases.isShared) return;
    const failures = new Map<string, { count: number; retryAtMs: number }>();
    const attempt = async (key: string) => {
      const { count, retryAtMs } = failures.get(key) ?? { count: 0, retryAtMs: -Infinity };
      if (clock.nowMs() < retryAtMs) return;
      if (await takeOver(key as LectureId)) failures.delete(key);
      else failures.set(key, { count: count + 1, retryAtMs: clock.nowMs() + Math.min(maxTakeoverDelayMs, leaseWatchIntervalMs * 2 ** (count + 1)) });
    };
    const look = async () => {
      const free = await leases.observe(await candidates());
      for (const key of failures.keys()) if (!free.includes(key)) failures.delete(key);
      await Promise.all(free.map(attempt));
    };
    const schedule = () => {
      if (this.#closing.signal.aborted) return;
      this.#cancelWatch = clock.after(leaseWatchIntervalMs, () => background('lecture.watch', look().finally(schedule), logger));
    };
    schedule();
  }

  /** Takes nothing over any longer. The lectures stay owned. */
  stopWatching(): void {
    this.#closing.abort(new Error('the server is stopping'));
    this.#cancelWatch();
  }

  /** Gives all lectures up, for the next process. @throws the error of the first log that the database refuses */
  async close(): Promise<void> {
    this.stopWatching();
    const all = [...this.#owned.values()].map(({ owned }) => owned);
    const outcomes = await Promise.allSettled(all.map(({ log }) => log.flush()));
    for (const owned of all) this.#forget(owned);
    await Promise.allSettled(all.map(({ lease }) => lease.release()));
    const refusal = outcomes.find((outcome) => outcome.status === 'rejected' && !(outcome.reason instanceof FencedError));
    if (refusal?.status === 'rejected') throw refusal.reason;
  }

  #release({ lectureId, lease, log }: OwnedLecture): Promise<void> {
    return this.#mutex.run(lectureId, async () => {
      const known = this.#owned.get(lectureId);
      if (known?.owned.lease !== lease) return;
      if (known.users === 1) await log.flush();
      known.users -= 1;
      if (known.users > 0) return;
      this.#forget(known.owned);
      await lease.release();
    });
  }

  async #take(lectureId: LectureId, waitMs: number): Promise<OwnedLecture & { row: LectureRow }> {
    const { leases, store, logs } = this.#options;
    const lease = await leases.takeWithin(lectureId, waitMs);
    if (!lease) throw new FencedError(lectureId, 0);
    try {
      const row = await store.raiseFence(lectureId, lease.fence);
      const log = await logs.open({ lectureId, fence: lease.fence, onFenced: () => lease.lose('taken') });
      const owned: OwnedLecture = { lectureId, lease, log };
      this.#owned.set(lectureId, { owned, users: 1 });
      lease.onLost(() => this.#forget(owned));
      if (lease.hasEnded) throw new FencedError(lectureId, lease.fence);
      return { ...owned, row };
    } catch (err) {
      await lease.release();
      throw err;
    }
  }

  /** Nothing is written for it any longer. */
  #forget({ lectureId, lease, log }: OwnedLecture): void {
    log.close();
    this.#options.logs.forget(log);
    if (this.#owned.get(lectureId)?.owned.lease === lease) this.#owned.delete(lectureId);
  }
}
