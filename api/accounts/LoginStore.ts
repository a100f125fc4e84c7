import * as z from 'zod';
import type { EndedLogin, OpenLogins } from '#engine';
import { UserId } from '#engine/contract';
import { Emitter, newId, topic } from '#engine/kernel';
import type { Bus, Collection, Database, Logger, Unsubscribe } from '#engine/kernel';
import { maxLoginsPerAccount } from '../limits.ts';

/** A browser that is logged in. Its refresh token consists of the login's id and generation and their keyed hash. */
export interface LoginRow {
  _id: string;
  userId: string;
  /** Counts the refreshes. Only the token of this generation is valid. */
  generation: number;
  /** The newest generation whose access token was used: the client has received it. */
  heardGeneration?: number;
  createdAt: string;
  lastUsedAt: string;
  expiresAt: string;
  /** When a password, a passkey or a provider last showed that the person is the owner. Absent in logins of older versions. */
  confirmedAt?: string;
  userAgent: string;
  address: string;
}

const loginsEnded = topic('logins.ended', z.array(z.object({ userId: UserId, loginId: z.string() })));

/** Logins in one message of the bus. */
const endedBatchSize = 500;

export interface LoginStoreOptions {
  database: Database;
  bus: Bus;
  logger: Logger;
}

/** The logins that have not ended. Notifies every process of each that ends. Owns the collection `logins`. */
export class LoginStore implements OpenLogins {
  readonly #logins: Collection<LoginRow>;
  readonly #bus: Bus;
  readonly #ended: Emitter<EndedLogin>;
  readonly #missed: Emitter<void>;
  #unsubscribe: Unsubscribe = () => undefined;

  private constructor({ database, bus, logger }: LoginStoreOptions) {
    this.#bus = bus;
    this.#ended = new Emitter(logger);
    this.#missed = new Emitter(logger);
    this.#logins = database.collection<LoginRow>({ name: 'logins', indexes: [{ keys: { userId: 1, lastUsedAt: -1 } }, { keys: { expiresAt: 1 } }] });
  }

  static async open(options: LoginStoreOptions): Promise<LoginStore> {
    const store = new LoginStore(options);
    store.#unsubscribe = await options.bus.subscribe(loginsEnded, {
      onMessage: (logins) => logins.forEach((login) => store.#ended.emit(login)),
      onMissed: () => store.#missed.emit(),
    });
    return store;
  }

  close(): void {
    this.#unsubscribe();
  }

  async add(login: Omit<LoginRow, '_id' | 'generation' | 'heardGeneration'>): Promise<LoginRow> {
    const row: LoginRow = { _id: newId('lgn'), generation: 1, ...login };
    await this.#logins.insertOne(row);
    return row;
  }

  async find(loginId: string): Promise<LoginRow | undefined> {
    return (await this.#logins.findOne({ _id: loginId })) ?? undefined;
  }

  async ofUser(userId: UserId): Promise<LoginRow[]> {
    return this.#logins.find({ userId }, { sort: { lastUsedAt: -1 }, limit: maxLoginsPerAccount });
  }

  /** Ends all but the `kept` logins that were used last. */
  async endOldestOf(userId: UserId, kept: number): Promise<void> {
    const oldest = await this.#logins.find({ userId }, { sort: { lastUsedAt: -1 }, skip: kept });
    await this.#endAll(oldest);
  }

  /** Moves to the next generation if `generation` is the current one. Of two concurrent calls, one succeeds. */
  async advance(loginId: string, generation: number, change: Pick<LoginRow, 'lastUsedAt' | 'expiresAt'>): Promise<LoginRow | undefined> {
    const update = { $set: { ...change, generation: generation + 1 } };
    return (await this.#logins.findOneAndUpdate({ _id: loginId, generation }, update, { returnDocument: 'after' })) ?? undefined;
  }

  async confirm(loginId: string, generation: number): Promise<void> {
    await this.#logins.updateOne({ _id: loginId, generation }, { $set: { heardGeneration: generation } });
  }

  /** Keeps a login among those that were used last. */
  async touch(loginId: string, lastUsedAt: string): Promise<void> {
    await this.#logins.updateOne({ _id: loginId }, { $set: { lastUsedAt } });
  }

  /** Notes that the person has shown to be the owner of the account. */
  async setConfirmed(loginId: string, confirmedAt: string): Promise<void> {
    await this.#logins.updateOne({ _id: loginId }, { $set: { confirmedAt } });
  }

  async end(loginId: string): Promise<void> {
    const login = await this.find(loginId);
    if (login) await this.#endAll([login]);
  }

  async endAllOf(userId: UserId, exceptLoginId?: string): Promise<void> {
    await this.#endAll(await this.#logins.find(exceptLoginId === undefined ? { userId } : { userId, _id: { $ne: exceptLoginId } }));
  }

  async removeExpired(now: string): Promise<void> {
    await this.#endAll(await this.#logins.find({ expiresAt: { $lt: now } }));
  }

  async isOpen({ userId, loginId }: EndedLogin): Promise<boolean> {
    return (await this.find(loginId))?.userId === userId;
  }

  onEnded(listener: (ended: EndedLogin) => void): () => void {
    return this.#ended.on(listener);
  }

  onMissed(listener: () => void): () => void {
    return this.#missed.on(listener);
  }

  async #endAll(logins: readonly LoginRow[]): Promise<void> {
    if (logins.length === 0) return;
    await this.#logins.deleteMany({ _id: { $in: logins.map(({ _id }) => _id) } });
    const ended = logins.map(({ _id: loginId, userId }) => ({ userId: userId as UserId, loginId }));
    for (let from = 0; from < ended.length; from += endedBatchSize) this.#bus.publish(loginsEnded, ended.slice(from, from + endedBatchSize));
  }
}
