import { DatabaseSync } from 'node:sqlite';
import type { StatementResultingChanges } from 'node:sqlite';

const nobody = new Int32Array(new SharedArrayBuffer(4));

/** Blocks this thread, as a flush to a slow disk does. */
export function blockThread(durationMs: number): void {
  Atomics.wait(nobody, 0, 0, durationMs);
}

/** Calls `before` ahead of every commit of this thread: that is when SQLite flushes to the disk. */
export function beforeCommits(before: () => void): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its database below
  const prepare = DatabaseSync.prototype.prepare;
  DatabaseSync.prototype.prepare = function (sql, options) {
    const statement = prepare.call(this, sql, options);
    if (sql !== 'COMMIT') return statement;
    const run: () => StatementResultingChanges = statement.run.bind(statement);
    // A commit has no parameters.
    statement.run = () => {
      before();
      return run();
    };
    return statement;
  };
}
