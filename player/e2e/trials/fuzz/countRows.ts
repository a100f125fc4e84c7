import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { until } from '#engine/testing';

export type Rows = Readonly<Record<string, number>>;

/** The number of rows of each table. The server locks its database, so they are counted in a copy. */
export function countRows(dataFolder: string): Promise<Rows> {
  return until('a readable copy of the database', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'lectern-rows-'));
    try {
      return rowsIn(dataFolder, folder);
    } catch {
      // It was copied during a checkpoint.
      return undefined;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

function rowsIn(dataFolder: string, folder: string): Rows {
  for (const name of ['lectern.db', 'lectern.db-wal']) {
    const file = path.join(dataFolder, name);
    if (existsSync(file)) copyFileSync(file, path.join(folder, name));
  }
  const database = new DatabaseSync(path.join(folder, 'lectern.db'));
  try {
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all().map(({ name }) => String(name));
    return Object.fromEntries(tables.map((name) => [name, Number(database.prepare(`SELECT count(*) AS n FROM "${name}"`).get()?.n)]));
  } finally {
    database.close();
  }
}
