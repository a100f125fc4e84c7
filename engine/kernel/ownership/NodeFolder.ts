// Responsible for the identity of a node: an id that is created once in its data folder, and a lock of the folder. Owns the
// file with the id, and the lock on it. The operating system releases the lock of a process that dies.
import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseFileError } from '../database/index.ts';
import { SqliteConnection } from '../database/sqlite/SqliteConnection.ts';
import { newId } from '../newId.ts';

export interface NodeFolder {
  /** `nod_…`. The same after every restart on this folder. */
  readonly nodeId: string;
  close(): void;
}

/** The folder is the node: its spool holds segments that no other machine has. */
const fileName = 'node.db';

/** Node closes a database that nothing refers to, which would release the lock. */
const held = new Set<SqliteConnection>();

/**
 * Locks the data folder for this process, and reads the id of its node. Creates the folder and the id when missing.
 * @throws DatabaseFileError `locked` when another process uses the folder; with other reasons when it cannot be used
 */
export function openNodeFolder(dataFolder: string): NodeFolder {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const file = path.join(dataFolder, fileName);
  const connection = openLocked(file, dataFolder);
  try {
    chmodSync(file, 0o600);
    // A write takes the lock; with EXCLUSIVE the connection keeps it after the commit.
    connection.exec('CREATE TABLE IF NOT EXISTS node (id TEXT NOT NULL) STRICT');
    connection.run('INSERT INTO node (id) SELECT ? WHERE NOT EXISTS (SELECT 1 FROM node)', newId('nod'));
    connection.exec('UPDATE node SET id = id');
    held.add(connection);
    const close = () => {
      held.delete(connection);
      connection.close();
    };
    return { nodeId: String(connection.get('SELECT id FROM node')?.id), close };
  } catch (err) {
    connection.close();
    throw asFolderError(err, dataFolder);
  }
}

function openLocked(file: string, dataFolder: string): SqliteConnection {
  try {
    const connection = new SqliteConnection(file);
    connection.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL');
    return connection;
  } catch (err) {
    throw asFolderError(err, dataFolder);
  }
}

function asFolderError(err: unknown, dataFolder: string): unknown {
  if (!(err instanceof DatabaseFileError) || err.reason !== 'locked') return err;
  return new DatabaseFileError({ path: err.path, reason: 'locked' }, `The data folder ${dataFolder} is in use by another process; run one Lectern per data folder.`, { cause: err });
}
