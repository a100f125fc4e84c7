// Responsible for the order and the durability of writes. The writes of one turn of the event loop share one transaction and one
// flush to the disk. Each has its own savepoint. Owns the queue, not the connection.
import { setImmediate } from 'node:timers';
import { toUnavailable } from '../toUnavailable.ts';
import type { SqliteConnection } from './SqliteConnection.ts';

interface QueuedWrite {
  run: () => void;
  commit: () => void;
  fail: (error: unknown) => void;
}

/** Writes per transaction. At 0.01 ms (insert) to 0.1 ms (update) each, a full batch keeps reads waiting for at most 20 ms, beside the flush. */
const MAX_BATCH = 200;

// A reference taken at import, so that fake timers in a test do not stop the database.
const nextTurn = setImmediate;

export class CommitQueue {
  readonly #connection: SqliteConnection;
  #queue: QueuedWrite[] = [];
  #isScheduled = false;
  #isClosed = false;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  /**
   * Queues a write. Resolves to the result of `operation` when the transaction is on the disk. Rejects when `operation` throws
   * or the transaction fails; the write is then undone.
   */
  write<R>(operation: () => R): Promise<R> {
    if (this.#isClosed) return Promise.reject(new Error('the database is closed'));
    return new Promise<R>((resolve, reject) => {
      let settle = (): void => undefined;
      this.#queue.push({
        run: () => {
          const result = operation();
          settle = () => resolve(result);
        },
        commit: () => settle(),
        fail: reject,
      });
      this.#schedule();
    });
  }

  /** Runs the queued writes. Later calls of `write` reject. */
  close(): void {
    this.#isClosed = true;
    while (this.#queue.length > 0) this.#flush();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    nextTurn(() => {
      this.#isScheduled = false;
      this.#flush();
      if (this.#queue.length > 0) this.#schedule();
    });
  }

  #flush(): void {
    const batch = this.#queue.splice(0, MAX_BATCH);
    if (batch.length === 0) return;
    const written: QueuedWrite[] = [];
    try {
      // A rollback that failed has left its transaction open.
      if (this.#connection.isTransaction) this.#connection.run('ROLLBACK');
      this.#connection.run('BEGIN IMMEDIATE');
      for (const write of batch) {
        if (this.#runInSavepoint(write)) written.push(write);
      }
      this.#connection.run('COMMIT');
    } catch (error) {
      this.#rollBack();
      const failure = toUnavailable(error);
      for (const write of batch) write.fail(failure);
      return;
    }
    for (const write of written) write.commit();
  }

  /** A rollback may fail when the disk does. The callers get the first error; the next batch tries the rollback again. */
  #rollBack(): void {
    try {
      if (this.#connection.isTransaction) this.#connection.run('ROLLBACK');
    } catch {
      // Another error of the same disk.
    }
  }

  /** False when only this write has failed. Throws when SQLite has rolled back the whole transaction, for example on a full disk. */
  #runInSavepoint(write: QueuedWrite): boolean {
    this.#connection.run('SAVEPOINT write');
    try {
      write.run();
      this.#connection.run('RELEASE write');
      return true;
    } catch (error) {
      if (!this.#connection.isTransaction) throw error;
      this.#connection.run('ROLLBACK TO write');
      this.#connection.run('RELEASE write');
      write.fail(toUnavailable(error));
      return false;
    }
  }
}
