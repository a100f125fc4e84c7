import { createHash } from 'node:crypto';
import type { CourseId } from '#engine/contract';
import { Emitter, newId, toInstant } from '#engine/kernel';
import type { Clock, Collection, Database, Logger } from '#engine/kernel';
import type { IssuedStreamKey, StreamKeyStatus } from '../contract/index.ts';
import { isStreamKeyText, newStreamKeyText } from './streamKeyText.ts';

interface StreamKeyRow {
  _id: string;
  courseId: CourseId;
  /** SHA-256 of the key, hex. */
  hash: string;
  /** The hash of the key before. */
  replacedHash?: string;
  lastFour: string;
  createdAt: string;
  lastUsedAt: string | null;
  /** The last encoder that found no lecture, after the last use. */
  unawaitedAt?: string | null;
}

export interface StreamKeysOptions {
  database: Database;
  clock: Clock;
  logger: Logger;
}

/**
 * The stream key of each course, by which the media of an encoder is assigned to it. Only a hash is stored. Notifies listeners
 * when a key is replaced or revoked, so that a session with this key can be ended.
 */
export class StreamKeys {
  readonly #rows: Collection<StreamKeyRow>;
  readonly #clock: Clock;
  readonly #replacements: Emitter<{ courseId: CourseId }>;

  constructor({ database, clock, logger }: StreamKeysOptions) {
    this.#rows = database.collection<StreamKeyRow>({
      name: 'streamKeys',
      indexes: [
        { keys: { courseId: 1 }, unique: true },
        { keys: { hash: 1 }, unique: true },
        { keys: { replacedHash: 1 } },
      ],
    });
    this.#clock = clock;
    this.#replacements = new Emitter(logger);
  }

  /** Creates a key and invalidates the one before. The key itself cannot be read again. */
  async issue(courseId: CourseId): Promise<IssuedStreamKey> {
    const key = newStreamKeyText();
    const replaced = await this.#rows.findOne({ courseId });
    const fresh = { hash: hashOf(key), lastFour: key.slice(-4), createdAt: toInstant(this.#clock.nowMs()), lastUsedAt: null, unawaitedAt: null, ...(replaced && { replacedHash: replaced.hash }) };
    const before = await this.#rows.findOneAndUpdate({ courseId }, { $set: fresh, $setOnInsert: { _id: newId('key') } }, { upsert: true, returnDocument: 'before' });
    if (before) this.#replacements.emit({ courseId });
    return { key };
  }

  /** The course of a key. The look-up is by hash, so its duration reveals nothing about existing keys. */
  async resolve(key: string): Promise<CourseId | undefined> {
    if (!isStreamKeyText(key)) return undefined;
    const row = await this.#rows.findOne({ hash: hashOf(key) });
    return row?.courseId;
  }

  /** The course whose current key has replaced this one. */
  async resolveReplaced(key: string): Promise<CourseId | undefined> {
    if (!isStreamKeyText(key)) return undefined;
    const row = await this.#rows.findOne({ replacedHash: hashOf(key) });
    return row?.courseId;
  }

  async noteUse(courseId: CourseId): Promise<void> {
    await this.#rows.updateOne({ courseId }, { $set: { lastUsedAt: toInstant(this.#clock.nowMs()), unawaitedAt: null } });
  }

  /** An encoder connected with the key while no lecture of the course was live or due. */
  async noteUnawaited(courseId: CourseId): Promise<void> {
    await this.#rows.updateOne({ courseId }, { $set: { unawaitedAt: toInstant(this.#clock.nowMs()) } });
  }

  async describe(courseId: CourseId): Promise<StreamKeyStatus> {
    const row = await this.#rows.findOne({ courseId });
    if (!row) return { hasKey: false, createdAt: null, lastUsedAt: null, unawaitedAt: null, lastFour: null };
    return { hasKey: true, createdAt: row.createdAt, lastUsedAt: row.lastUsedAt, unawaitedAt: row.unawaitedAt ?? null, lastFour: row.lastFour };
  }

  /** Idempotent. */
  async revoke(courseId: CourseId): Promise<void> {
    const { deletedCount } = await this.#rows.deleteOne({ courseId });
    if (deletedCount > 0) this.#replacements.emit({ courseId });
  }

  /** Another process has replaced or revoked the key of the course. */
  noteReplaced(courseId: CourseId): void {
    this.#replacements.emit({ courseId });
  }

  /** The key of the course was replaced or revoked. */
  onKeyReplaced(listener: (event: { courseId: CourseId }) => void): () => void {
    return this.#replacements.on(listener);
  }
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
