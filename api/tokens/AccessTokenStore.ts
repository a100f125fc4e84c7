import type { TokenScope, UserId } from '#engine/contract';
import { newId } from '#engine/kernel';
import type { Collection, Database } from '#engine/kernel';

export interface AccessTokenRow {
  _id: string;
  userId: string;
  /** It opens rooms and media in the name of this login, and ends with it. */
  loginId: string;
  name: string;
  scopes: TokenScope[];
  /** SHA-256; the token is random, so a slow hash would add nothing. */
  tokenHash: string;
  hint: string;
  createdAt: string;
  expiresAt: string;
  lastUsedAt: string | null;
}

/** The access tokens of all accounts. Owns the collection `accessTokens`. */
export class AccessTokenStore {
  readonly #tokens: Collection<AccessTokenRow>;

  constructor(database: Database) {
    this.#tokens = database.collection<AccessTokenRow>({ name: 'accessTokens', indexes: [{ keys: { tokenHash: 1 }, unique: true }, { keys: { userId: 1, createdAt: -1 } }, { keys: { expiresAt: 1 } }] });
  }

  async add(token: Omit<AccessTokenRow, '_id' | 'lastUsedAt'>): Promise<AccessTokenRow> {
    const row: AccessTokenRow = { _id: newId('pat'), ...token, lastUsedAt: null };
    await this.#tokens.insertOne(row);
    return row;
  }

  async findByHash(tokenHash: string): Promise<AccessTokenRow | undefined> {
    return (await this.#tokens.findOne({ tokenHash })) ?? undefined;
  }

  async find(tokenId: string): Promise<AccessTokenRow | undefined> {
    return (await this.#tokens.findOne({ _id: tokenId })) ?? undefined;
  }

  /** Newest first. */
  async ofUser(userId: UserId): Promise<AccessTokenRow[]> {
    return this.#tokens.find({ userId }, { sort: { createdAt: -1 } });
  }

  async used(tokenId: string, lastUsedAt: string): Promise<void> {
    await this.#tokens.updateOne({ _id: tokenId }, { $set: { lastUsedAt } });
  }

  async remove(tokenId: string): Promise<void> {
    await this.#tokens.deleteOne({ _id: tokenId });
  }

  async removeAllOf(userId: UserId): Promise<void> {
    await this.#tokens.deleteMany({ userId });
  }

  async removeExpired(now: string): Promise<void> {
    await this.#tokens.deleteMany({ expiresAt: { $lt: now } });
  }
}
