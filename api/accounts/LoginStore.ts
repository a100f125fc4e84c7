import type { EndedLogin, OpenLogins } from '#engine';
import type { UserId } from '#engine/contract';
import { Emitter, newId } from '#engine/kernel';
import type { Collection, Database, Logger } from '#engine/kernel';
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
  userAgent: string;
  address: string;
}

/** The logins that have not ended. Notifies of each that ends. Owns the collection `logins`. */
export class LoginStore implements OpenLogins {
  readonly #logins: Collection<LoginRow>;
  readonly #ended: Emitter<EndedLogin>;

  constructor(database: Database, logger: Logger) {
    this.#ended = new Emitter(logger);
    this.#logins = database.collection<LoginRow>({ name: 'logins', indexes: [{ keys: { userId: 1, lastUsedAt: -1 } }, { keys: { expiresAt: 1 } }] });
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

  async #endAll(logins: readonly LoginRow[]): Promise<void> {
    if (logins.length === 0) return;
    await this.#logins.deleteMany({ _id: { $in: logins.map(({ _id }) => _id) } });
    for (const { _id: loginId, userId } of logins) this.#ended.emit({ userId: userId as UserId, loginId });
  }
}
