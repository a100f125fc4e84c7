import { createHash } from 'node:crypto';
import type { CourseId } from '#engine/contract';
import { Emitter, newId, randomText, toInstant } from '#engine/kernel';
import type { Clock, Collection, Database, Logger } from '#engine/kernel';
import type { IssuedStreamKey, StreamKeyStatus } from '../contract/index.ts';

interface StreamKeyRow {
  _id: string;
  courseId: CourseId;
  /** SHA-256 of the key, hex. */
  hash: string;
  lastFour: string;
  createdAt: string;
  lastUsedAt: string | null;
}

/** 26 characters of 5 random bits: 130 bits. Without i, l, o, u it can be read out over the phone. */
const keyCharacters = 26;
/** `sk` keeps it apart from course codes and ids at a glance. */
const keyPattern = /^sk_[0-9a-hjkmnp-tv-z]{26}$/;

export interface StreamKeysOptions {
  database: Database;
  clock: Clock;
  logger: Logger;
}

/**
 * The stream key of each course, by which an encoder says where its media goes. Only a hash is kept. Tells its listeners
 * when a key dies, so that an encoder that runs on it can be closed.
 */
export class StreamKeys {
  readonly #rows: Collection<StreamKeyRow>;
  readonly #clock: Clock;
  readonly #deaths: Emitter<{ courseId: CourseId }>;

  constructor({ database, clock, logger }: StreamKeysOptions) {
    this.#rows = database.collection<StreamKeyRow>({
      name: 'streamKeys',
      indexes: [
        { keys: { courseId: 1 }, unique: true },
        { keys: { hash: 1 }, unique: true },
      ],
    });
    this.#clock = clock;
    this.#deaths = new Emitter(logger);
  }

  /** Makes a key and kills the one before it. The key cannot be had again. */
  async issue(courseId: CourseId): Promise<IssuedStreamKey> {
    const key = `sk_${randomText(keyCharacters)}`;
    const fresh = { hash: hashOf(key), lastFour: key.slice(-4), createdAt: toInstant(this.#clock.nowMs()), lastUsedAt: null };
    const before = await this.#rows.findOneAndUpdate({ courseId }, { $set: fresh, $setOnInsert: { _id: newId('key') } }, { upsert: true, returnDocument: 'before' });
    if (before) this.#deaths.emit({ courseId });
    return { key };
  }

  /** The course a key belongs to. The look-up is by hash, so how long it takes says nothing about the keys there are. */
  async resolve(key: string): Promise<CourseId | undefined> {
    if (!keyPattern.test(key)) return undefined;
    const row = await this.#rows.findOne({ hash: hashOf(key) });
    return row?.courseId;
  }

  async noteUse(courseId: CourseId): Promise<void> {
    await this.#rows.updateOne({ courseId }, { $set: { lastUsedAt: toInstant(this.#clock.nowMs()) } });
  }

  async describe(courseId: CourseId): Promise<StreamKeyStatus> {
    const row = await this.#rows.findOne({ courseId });
    if (!row) return { hasKey: false, createdAt: null, lastUsedAt: null, lastFour: null };
    return { hasKey: true, createdAt: row.createdAt, lastUsedAt: row.lastUsedAt, lastFour: row.lastFour };
  }

  /** Idempotent. */
  async revoke(courseId: CourseId): Promise<void> {
    const { deletedCount } = await this.#rows.deleteOne({ courseId });
    if (deletedCount > 0) this.#deaths.emit({ courseId });
  }

  /** The course's key was rotated or revoked. */
  onKeyDied(listener: (fact: { courseId: CourseId }) => void): () => void {
    return this.#deaths.on(listener);
  }
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
