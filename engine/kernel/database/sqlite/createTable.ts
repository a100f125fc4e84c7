import type { IndexedFields } from './IndexedFields.ts';
import { jsonPath, quoted } from './keyExpression.ts';
import type { SqliteConnection } from './SqliteConnection.ts';

/** @throws TypeError when a stored document has an array or an object at the path, which an index cannot hold */
function assertStoredIndexable(connection: SqliteConnection, collection: string, path: string): void {
  if (path === '_id') return;
  const segments = path.split('.');
  const arrays = segments.map((_, i) => `json_type(doc, ${jsonPath(segments.slice(0, i + 1).join('.'))}) = 'array'`);
  const isUnindexable = [...arrays, `json_type(doc, ${jsonPath(path)}) = 'object'`].join(' OR ');
  const row = connection.get(`SELECT _id FROM ${quoted(collection)} WHERE ${isUnindexable} LIMIT 1`);
  if (row === undefined) return;
  throw new TypeError(`${collection}.${path} cannot be indexed: the document ${String(row._id)} has an array or an object there`);
}

/** Creates the table and its declared indexes when missing, and drops other indexes, in one transaction. */
export function createTable(connection: SqliteConnection, fields: IndexedFields): void {
  const { collection, indexes } = fields;
  const table = quoted(collection);
  connection.exec('BEGIN IMMEDIATE');
  try {
    // `seq` is the order of insertion. VACUUM may renumber a plain rowid, but not an INTEGER PRIMARY KEY.
    connection.exec(
      `CREATE TABLE IF NOT EXISTS ${table} (seq INTEGER PRIMARY KEY, _id TEXT NOT NULL UNIQUE, doc TEXT NOT NULL) STRICT`,
    );
    const stored = connection.all(
      `SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL`,
      collection,
    );
    const declared = new Set(indexes.map(({ sql }) => sql));
    for (const { name, sql } of stored) {
      if (!declared.has(String(sql))) connection.exec(`DROP INDEX ${quoted(String(name))}`);
    }
    const present = new Set(stored.map(({ sql }) => String(sql)));
    for (const { sql, paths } of indexes) {
      if (present.has(sql)) continue;
      for (const path of paths) assertStoredIndexable(connection, collection, path);
      connection.exec(sql);
    }
    connection.exec('COMMIT');
  } catch (error) {
    if (connection.isTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}
