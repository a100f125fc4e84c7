// Responsible for one open SQLite file: prepared statements, and conversion of SQLite's errors to those of the Database port.
// Owns the DatabaseSync and closes it.
import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { sqliteError } from './sqliteError.ts';

export type Row = Record<string, SQLOutputValue>;

/** How long SQLite waits for the lock of another process, in ms: the previous server may still be closing. */
const BUSY_TIMEOUT_MS = 5_000;
/** Least recently used statements beyond this number are dropped. Lectern has fewer different statements. */
const CACHED_STATEMENTS = 500;

export class SqliteConnection {
  readonly path: string;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(path: string) {
    this.path = path;
    this.#database = this.#translate(() => new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS }));
  }

  get isTransaction(): boolean {
    return this.#database.isTransaction;
  }

  /** Runs statements without parameters. */
  exec(sql: string): void {
    this.#translate(() => this.#database.exec(sql));
  }

  /** Runs one statement. Returns the number of changed rows. */
  run(sql: string, ...parameters: SQLInputValue[]): number {
    return this.#translate(() => Number(this.#prepare(sql).run(...parameters).changes));
  }

  get(sql: string, ...parameters: SQLInputValue[]): Row | undefined {
    return this.#translate(() => this.#prepare(sql).get(...parameters));
  }

  all(sql: string, ...parameters: SQLInputValue[]): Row[] {
    return this.#translate(() => this.#prepare(sql).all(...parameters));
  }

  /** Passes the rows to `visit` one by one until it returns false. `visit` must not run the same SQL. */
  each(sql: string, parameters: readonly SQLInputValue[], visit: (row: Row) => boolean): void {
    this.#translate(() => {
      for (const row of this.#prepare(sql).iterate(...parameters)) {
        if (!visit(row)) return;
      }
    });
  }

  close(): void {
    if (!this.#database.isOpen) return;
    this.#statements.clear();
    this.#database.close();
  }

  #prepare(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.delete(sql);
    this.#statements.set(sql, statement);
    const [oldest] = this.#statements.keys();
    if (this.#statements.size > CACHED_STATEMENTS && oldest !== undefined) this.#statements.delete(oldest);
    return statement;
  }

  #translate<R>(operation: () => R): R {
    try {
      return operation();
    } catch (error) {
      throw sqliteError(error, this.path);
    }
  }
}
