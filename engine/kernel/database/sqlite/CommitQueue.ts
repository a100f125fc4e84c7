// Responsible for the order and the durability of writes: those asked for in the same turn of the event loop
// share one transaction and so one flush to the disk, each in a savepoint of its own.
// Owns the queue; the connection belongs to the database.
import { setImmediate } from 'node:timers';
import { toWriteError } from '../toWriteError.ts';
import type { SqliteConnection } from './SqliteConnection.ts';

interface Pending {
  run: () => void;
  commit: () => void;
  fail: (error: unknown) => void;
}

/** At 0.01 ms (insert) to 0.1 ms (update) each, a full batch holds the event loop for at most 20 ms. */
const MAX_BATCH = 200;

// Taken once, so that a test's fake timers cannot stop the database.
const nextTurn = setImmediate;

export class CommitQueue {
  readonly #connection: SqliteConnection;
  #pending: Pending[] = [];
  #isScheduled = false;
  #isClosed = false;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  /** Runs the write in a transaction; the promise settles when it is on the disk, or undone. */
  write<R>(operation: () => R): Promise<R> {
    if (this.#isClosed) return Promise.reject(new Error('the database is closed'));
    return new Promise<R>((resolve, reject) => {
      let settle = (): void => undefined;
      this.#pending.push({
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

  /** Finishes what is queued and takes nothing more. */
  close(): void {
    this.#isClosed = true;
    while (this.#pending.length > 0) this.#flush();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    nextTurn(() => {
      this.#isScheduled = false;
      this.#flush();
      if (this.#pending.length > 0) this.#schedule();
    });
  }

  #flush(): void {
    const batch = this.#pending.splice(0, MAX_BATCH);
    if (batch.length === 0) return;
    const written: Pending[] = [];
    try {
      this.#connection.run('BEGIN IMMEDIATE');
      for (const pending of batch) {
        if (this.#attempt(pending)) written.push(pending);
      }
      this.#connection.run('COMMIT');
    } catch (error) {
      this.#undo();
      for (const pending of batch) pending.fail(toWriteError(error));
      return;
    }
    for (const pending of written) pending.commit();
  }

  /** A rollback writes nothing, but a disk that failed once may fail again; what is left of the transaction is lost with it. */
  #undo(): void {
    try {
      if (this.#connection.isTransaction) this.#connection.run('ROLLBACK');
    } catch (error) {
      if (this.#connection.isTransaction) throw error;
    }
  }

  /** False when this write failed alone; throws when the whole transaction is lost (a full disk, say). */
  #attempt(pending: Pending): boolean {
    this.#connection.run('SAVEPOINT write');
    try {
      pending.run();
      this.#connection.run('RELEASE write');
      return true;
    } catch (error) {
      if (!this.#connection.isTransaction) throw error;
      this.#connection.run('ROLLBACK TO write');
      this.#connection.run('RELEASE write');
      pending.fail(toWriteError(error));
      return false;
    }
  }
}
