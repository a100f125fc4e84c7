// Responsible for reading every document of an embedded database, whatever its collections are. Owns the connection, and with it the
// lock of the file, and closes it.
import { randomText } from '../../newId.ts';
import { openConnection } from '../sqlite/openConnection.ts';
import { quoted } from '../sqlite/keyExpression.ts';
import type { SqliteConnection } from '../sqlite/SqliteConnection.ts';

export interface CarriedDocument {
  _id: string;
  [field: string]: unknown;
}

/** Documents that are read, compared and written at once: some hundred KB. */
const PAGE = 500;

export class CarrySource {
  readonly #connection: SqliteConnection;

  /** @throws DatabaseFileError when the file cannot be used, `locked` while a server uses it */
  constructor(path: string) {
    this.#connection = openConnection(path);
  }

  /** Identifies the database. Written to the file when it is asked for the first time. */
  id(): string {
    const read = () => this.#connection.get("SELECT value FROM lectern_meta WHERE key = 'databaseId'")?.value;
    if (read() === undefined) this.#connection.run("INSERT INTO lectern_meta (key, value) VALUES ('databaseId', ?)", randomText(24));
    return String(read());
  }

  collections(): string[] {
    const rows = this.#connection.all("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'lectern_meta' AND name NOT LIKE 'sqlite%' ORDER BY name");
    return rows.map(({ name }) => String(name));
  }

  count(collection: string): number {
    return Number(this.#connection.get(`SELECT count(*) AS n FROM ${quoted(collection)}`)?.n);
  }

  /** All documents in the order of their `_id`. */
  *pages(collection: string): Generator<CarriedDocument[]> {
    let after = '';
    for (;;) {
      const rows = this.#connection.all(`SELECT _id, doc FROM ${quoted(collection)} WHERE _id > ? ORDER BY _id LIMIT ?`, after, PAGE);
      if (rows.length === 0) return;
      after = String(rows.at(-1)?._id);
      yield rows.map(({ doc }) => JSON.parse(String(doc)) as CarriedDocument);
    }
  }

  /** Those of the ids that no document has. */
  missing(collection: string, ids: readonly string[]): string[] {
    const sql = `SELECT 1 AS found FROM ${quoted(collection)} WHERE _id = ?`;
    return ids.filter((id) => this.#connection.get(sql, id) === undefined);
  }

  close(): void {
    this.#connection.close();
  }
}
