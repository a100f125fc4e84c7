// Responsible for the Database port on a MongoDB server or replica set: connections, indexes, and a log entry when the server
// becomes unavailable and when it answers again. Owns the driver's client, and closes it.
import { MongoClient } from 'mongodb';
import type { Db, TopologyDescriptionChangedEvent } from 'mongodb';
import { CodedError, isCoded } from '../../../contract/errors.ts';
import { systemClock } from '../../Clock.ts';
import type { Clock } from '../../Clock.ts';
import { persistRetry } from '../../limits.ts';
import type { Logger } from '../../Logger.ts';
import { retry } from '../../retry.ts';
import { withDeadline } from '../../withDeadline.ts';
import type { Collection, StoredDocument } from '../Collection.ts';
import type { CollectionDefinition, Database } from '../Database.ts';
import type { CollectionDeclaration } from '../query/declaration.ts';
import { Declarations } from '../query/Declarations.ts';
import { clientOptions, databaseName } from './clientOptions.ts';
import type { MongoSettings } from './clientOptions.ts';
import { createIndexes } from './createIndexes.ts';
import { failClosedWrites } from './failClosedWrites.ts';
import { MongoCollection } from './MongoCollection.ts';
import type { MongoRun } from './MongoCollection.ts';
import { mongoError } from './mongoError.ts';
import type { MongoDocument } from './mongoQuery.ts';

export interface MongoDatabaseOptions extends MongoSettings {
  logger: Logger;
  clock?: Clock;
}

/** Types of servers that accept writes. */
const writable: ReadonlySet<string> = new Set(['Standalone', 'RSPrimary', 'Mongos', 'LoadBalancer']);

class MongoDatabase implements Database {
  readonly #client: MongoClient;
  readonly #db: Db;
  readonly #options: Required<MongoDatabaseOptions>;
  readonly #declarations = new Declarations();
  readonly #running = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();
  #closed: Promise<void> | undefined;

  constructor(client: MongoClient, options: Required<MongoDatabaseOptions>) {
    this.#client = client;
    this.#db = client.db(databaseName(options.url));
    this.#options = options;
  }

  /** @throws CodedError `database.unavailable` with a sentence for the operator */
  async connect(): Promise<void> {
    try {
      await this.#db.command({ ping: 1 });
    } catch (cause) {
      await this.#client.close();
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new CodedError('database.unavailable', `The database at ${this.#servers()} cannot be used: ${reason}. Check LECTERN_DATABASE_URL, and that the server runs.`, { cause });
    }
    this.#client.on('topologyDescriptionChanged', (event) => this.#report(event));
  }

  collection<T extends StoredDocument>(definition: CollectionDefinition<T>): Collection<T> {
    const { name, indexes } = definition;
    const created = this.#declarations.declare(definition, () => this.#createIndexes(definition));
    // Until a unique index exists, the server would accept what it must refuse.
    const mustWait = indexes.some(({ unique }) => unique === true);
    const run: MongoRun = async (kind, call) => {
      if (this.#closed) throw new Error('the database is closed');
      const ready: Promise<unknown> = mustWait && kind === 'write' ? this.#withTimeout(created) : Promise.resolve();
      return this.#track(ready.then(() => call(this.#db.collection<MongoDocument>(name))), name);
    };
    return new MongoCollection<T>(definition, run);
  }

  ready(): Promise<void> {
    return this.#declarations.created();
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    await Promise.allSettled(this.#running);
    this.#closing.abort(new Error('the database is closed'));
    await this.#client.close();
  }

  async #track<R>(call: Promise<R>, collection: string): Promise<R> {
    this.#running.add(call);
    try {
      return await call;
    } catch (error) {
      throw mongoError(error, collection);
    } finally {
      this.#running.delete(call);
    }
  }

  /** Repeated while the server is unavailable. */
  async #createIndexes(declaration: CollectionDeclaration): Promise<void> {
    const { clock, logger } = this.#options;
    const { name } = declaration;
    const attempt = async () => {
      try {
        await this.#track(createIndexes(this.#db.collection<MongoDocument>(name), declaration), name);
        return undefined;
      } catch (error) {
        if (isCoded(error, 'database.unavailable')) throw error;
        return { error };
      }
    };
    const failed = await retry(attempt, { ...persistRetry, clock, attempts: Infinity, signal: this.#closing.signal });
    if (failed === undefined) return;
    logger.error({ err: failed.error, collection: name }, 'database.indexFailed');
    throw failed.error;
  }

  #withTimeout(created: Promise<unknown>): Promise<unknown> {
    const { clock, timeoutMs } = this.#options;
    const onExpired = () => new CodedError('database.unavailable', 'The database is still preparing. Try again in a moment.');
    return withDeadline(created, { clock, deadlineMs: timeoutMs, onExpired });
  }

  #report({ previousDescription, newDescription }: TopologyDescriptionChangedEvent): void {
    const wasUsable = isUsable(previousDescription);
    const usable = isUsable(newDescription);
    if (wasUsable === usable || this.#closed) return;
    const servers = this.#servers();
    if (usable) this.#options.logger.info({ servers }, 'database.recovered');
    else this.#options.logger.warn({ servers, err: newDescription.error, advice: 'Recordings continue on the disk of this server. What has to be stored is stored when the database answers again.' }, 'database.unavailable');
  }

  /** Without credentials. */
  #servers(): string {
    const { srvHost, hosts } = this.#client.options;
    return srvHost ?? hosts.map((host) => host.toString()).join(', ');
  }
}

function isUsable({ servers }: TopologyDescriptionChangedEvent['newDescription']): boolean {
  return [...servers.values()].some(({ type }) => writable.has(type));
}

/**
 * Opens the database. Its indexes are created in the background.
 * @throws CodedError `database.unavailable` when no server answers in time, with a sentence for the operator
 */
export async function openMongoDatabase(options: MongoDatabaseOptions): Promise<Database> {
  failClosedWrites();
  const complete = { clock: systemClock, ...options };
  const database = new MongoDatabase(new MongoClient(complete.url, clientOptions(complete)), complete);
  await database.connect();
  return database;
}
