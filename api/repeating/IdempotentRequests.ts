import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { CodedError } from '#engine/contract';
import { DuplicateKeyError } from '#engine/kernel';
import type { Clock, Collection, Database } from '#engine/kernel';
import { idempotencyLeaseMs, idempotencyMs } from '../programLimits.ts';

/** A request that carries an `Idempotency-Key`. The same key of another caller or for another route is another one. */
export interface KeyedRequest {
  callerId: string;
  route: string;
  key: string;
  /** What is asked for: path, query and body. */
  content: string;
}

export interface KeptAnswer {
  status: number;
  body: string;
}

interface IdempotencyRow {
  /** A hash of the caller, the route and the key. */
  _id: string;
  contentHash: string;
  /** The answer, sealed with the key of the client: it may hold a secret that is shown once. Null while the request runs. */
  sealed: string | null;
  /** Until then the process that runs it is taken to be alive. */
  runningUntilMs: number;
  expiresAtMs: number;
}

/**
 * The answers to creating requests, so that a repeated one does not create twice, in whatever process. Only successes are kept: a
 * refused or failed request may be sent again with its key. Owns the collection `idempotentRequests`.
 */
export class IdempotentRequests {
  readonly #requests: Collection<IdempotencyRow>;
  readonly #clock: Clock;

  constructor({ database, clock }: { database: Database; clock: Clock }) {
    this.#requests = database.collection<IdempotencyRow>({ name: 'idempotentRequests', indexes: [{ keys: { expiresAtMs: 1 } }] });
    this.#clock = clock;
  }

  /**
   * The kept answer of this request, or undefined: then the caller runs it, and calls `keep` or `forget`.
   * @throws CodedError `idempotency.mismatch`, `idempotency.running`
   */
  async begin(request: KeyedRequest): Promise<KeptAnswer | undefined> {
    const nowMs = this.#clock.nowMs();
    const row: IdempotencyRow = { _id: idOf(request), contentHash: hash(request.content), sealed: null, runningUntilMs: nowMs + idempotencyLeaseMs, expiresAtMs: nowMs + idempotencyMs };
    const known = await this.#insert(row);
    if (!known) return undefined;
    if (known.expiresAtMs > nowMs && known.contentHash !== row.contentHash) throw new CodedError('idempotency.mismatch', 'This Idempotency-Key was used with another request. Use a new key for each request, and the same key only to repeat it.');
    if (known.expiresAtMs > nowMs && known.sealed !== null) return unseal(request, known.sealed);
    if (known.expiresAtMs > nowMs && known.runningUntilMs > nowMs) throw running();
    // It has expired, or its process has died: one of those who see that goes on with it.
    const { _id, ...renewed } = row;
    const { modifiedCount } = await this.#requests.updateOne({ _id, runningUntilMs: known.runningUntilMs, sealed: known.sealed }, { $set: renewed });
    if (modifiedCount === 0) throw running();
    return undefined;
  }

  async keep(request: KeyedRequest, answer: KeptAnswer): Promise<void> {
    await this.#requests.updateOne({ _id: idOf(request) }, { $set: { sealed: seal(request, answer) } });
  }

  async forget(request: KeyedRequest): Promise<void> {
    await this.#requests.deleteOne({ _id: idOf(request) });
  }

  async removeExpired(): Promise<void> {
    await this.#requests.deleteMany({ expiresAtMs: { $lte: this.#clock.nowMs() } });
  }

  /** Returns the row that is there already. */
  async #insert(row: IdempotencyRow): Promise<IdempotencyRow | undefined> {
    try {
      await this.#requests.insertOne(row);
      return undefined;
    } catch (error) {
      if (!(error instanceof DuplicateKeyError)) throw error;
      const known = await this.#requests.findOne({ _id: row._id });
      if (!known) throw running();
      return known;
    }
  }
}

function running(): CodedError {
  return new CodedError('idempotency.running', 'The same request is still running. Repeat it in a moment to get its answer.', { details: { retryAfterSeconds: 1 } });
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function idOf({ callerId, route, key }: KeyedRequest): string {
  return hash(JSON.stringify(['id', callerId, route, key]));
}

function sealingKey({ callerId, route, key }: KeyedRequest): Buffer {
  return createHash('sha256').update(JSON.stringify(['seal', callerId, route, key])).digest();
}

function seal(request: KeyedRequest, answer: KeptAnswer): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', sealingKey(request), iv);
  const text = Buffer.concat([cipher.update(JSON.stringify(answer), 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64');
}

function unseal(request: KeyedRequest, sealed: string): KeptAnswer {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(request), bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(12, 28));
  return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')) as KeptAnswer;
}
