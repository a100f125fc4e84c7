// Responsible for one open SQLite file: prepared statements, transactions, and errors in Lectern's words.
// Owns the DatabaseSync and closes it.
import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { sqliteError } from './sqliteError.ts';

export type Row = Record<string, SQLOutputValue>;

const BUSY_TIMEOUT_MS = 5_000;
/** More shapes of queries than Lectern has; a bound for the case of a caller who builds new ones for ever. */
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

  exec(sql: string): void {
    this.#translate(() => this.#database.exec(sql));
  }

  run(sql: string, ...parameters: SQLInputValue[]): number {
    return this.#translate(() => Number(this.#prepare(sql).run(...parameters).changes));
  }

  get(sql: string, ...parameters: SQLInputValue[]): Row | undefined {
    return this.#translate(() => this.#prepare(sql).get(...parameters));
  }

  all(sql: string, ...parameters: SQLInputValue[]): Row[] {
    return this.#translate(() => this.#prepare(sql).all(...parameters));
  }

  /** Hands over rows one by one until `visit` answers false. `visit` must not run the same SQL. */
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
