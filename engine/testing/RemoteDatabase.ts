// Responsible for the Database port over a connection to `serveDatabase`. Owns the connection and closes it.
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { CodedError } from '../contract/index.ts';
import { DuplicateKeyError } from '../kernel/database/index.ts';
import type { Collection, CollectionDefinition, Database, StoredDocument } from '../kernel/database/index.ts';
import type { DatabaseFailure, DatabaseRequest, DatabaseResponse } from './serveDatabase.ts';

interface Waiting {
  resolve: (result: unknown) => void;
  reject: (err: unknown) => void;
}

/** Filters with a `$regex` are not supported. */
class RemoteDatabase implements Database {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    const lines = createInterface({ input: socket });
    lines.on('error', () => undefined);
    lines.on('line', (line) => this.#settle(JSON.parse(line) as DatabaseResponse));
    socket.on('error', () => undefined);
    socket.once('close', () => {
      for (const { reject } of this.#waiting.values()) reject(unavailable());
      this.#waiting.clear();
    });
  }

  collection<Row extends StoredDocument>(definition: CollectionDefinition<Row>): Collection<Row> {
    const call = (method: DatabaseRequest['method'], args: unknown[]) => this.#call({ definition, method, args });
    async function* iterate(...args: unknown[]): AsyncIterable<unknown> {
      yield* (await call('find', args)) as unknown[];
    }
    return new Proxy({} as Collection<Row>, {
      get: (_target, method: DatabaseRequest['method']) => (method === 'iterate' ? iterate : (...args: unknown[]) => call(method, args)),
    });
  }

  /** The server declares a collection with its first operation. */
  async ready(): Promise<void> {
    if (this.#socket.destroyed) throw unavailable();
  }

  async close(): Promise<void> {
    this.#socket.end();
    this.#socket.destroy();
  }

  #call(request: Omit<DatabaseRequest, 'id'>): Promise<unknown> {
    if (this.#socket.destroyed) return Promise.reject(unavailable());
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket.write(`${JSON.stringify({ id, ...request })}\n`);
    });
  }

  #settle(response: DatabaseResponse): void {
    const waiting = this.#waiting.get(response.id);
    this.#waiting.delete(response.id);
    if ('failure' in response) waiting?.reject(errorOf(response.failure));
    else waiting?.resolve(response.result);
  }
}

/** Connects to a database that another process serves: `tcp://127.0.0.1:<port>`. */
export async function openRemoteDatabase(url: string): Promise<Database> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return new RemoteDatabase(socket);
}

function errorOf(failure: DatabaseFailure): Error {
  if (failure.kind === 'duplicateKey') return new DuplicateKeyError(failure.collection, failure.index);
  if (failure.kind === 'coded') return new CodedError(failure.code, failure.message, failure.details && { details: failure.details });
  return failure.kind === 'type' ? new TypeError(failure.message) : new Error(failure.message);
}

function unavailable(): CodedError {
  return new CodedError('database.unavailable', 'The connection to the database is closed.');
}
