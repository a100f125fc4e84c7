import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { CodedError } from '../contract/index.ts';
import { DuplicateKeyError } from '../kernel/database/index.ts';
import type { Collection, CollectionDefinition, Database, StoredDocument } from '../kernel/database/index.ts';

/** One operation of a collection, a line of JSON. */
export interface DatabaseRequest {
  id: number;
  definition: CollectionDefinition<StoredDocument>;
  method: keyof Collection<StoredDocument>;
  args: unknown[];
}

/** The error that an operation rejects with. */
export type DatabaseFailure =
  | { kind: 'duplicateKey'; collection: string; index: string }
  | { kind: 'coded'; code: CodedError['code']; message: string; details: CodedError['details'] }
  | { kind: 'type' | 'other'; message: string };

export type DatabaseResponse = { id: number; result: unknown } | { id: number; failure: DatabaseFailure };

export interface DatabaseServer {
  /** For `openRemoteDatabase`. */
  url: string;
  close(): Promise<void>;
}

/** Serves a database to other processes on this machine, each operation at once and by itself. */
export async function serveDatabase(database: Database): Promise<DatabaseServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A client that was killed. The interface repeats the errors of the socket.
    socket.on('error', () => undefined);
    const lines = createInterface({ input: socket });
    lines.on('error', () => undefined);
    lines.on('line', (line) => {
      const request = JSON.parse(line) as DatabaseRequest;
      void respond(database, request).then((response) => socket.writable && socket.write(`${JSON.stringify(response)}\n`));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function respond(database: Database, { id, definition, method, args }: DatabaseRequest): Promise<DatabaseResponse> {
  try {
    const operations = database.collection(definition) as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
    return { id, result: await operations[method]?.(...args) };
  } catch (err) {
    return { id, failure: failureOf(err) };
  }
}

function failureOf(err: unknown): DatabaseFailure {
  if (err instanceof DuplicateKeyError) return { kind: 'duplicateKey', collection: err.collection, index: err.index };
  if (err instanceof CodedError) return { kind: 'coded', code: err.code, message: err.message, details: err.details };
  const message = err instanceof Error ? err.message : String(err);
  return { kind: err instanceof TypeError ? 'type' : 'other', message };
}
