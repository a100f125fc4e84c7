import { createHash } from 'node:crypto';
import type { UserId } from '#engine/contract';
import { DuplicateKeyError, newId } from '#engine/kernel';
import type { Collection, Database } from '#engine/kernel';
import type { WebhookDelivery } from '../contract/index.ts';
import { webhookPageSize } from '../programLimits.ts';

export interface DeliveryRow {
  _id: string;
  webhookId: string;
  /** A hash of the webhook and of what has happened: several processes that see one event add one row. */
  uniqueKey: string;
  /** The id of the event for the receiver, which drops what it has received already. */
  eventId: string;
  eventType: WebhookDelivery['eventType'];
  payload: string;
  /** The person whom the message names, if any. */
  aboutUserId?: string;
  state: WebhookDelivery['state'];
  attempts: number;
  lastStatus: number | null;
  lastError: string | null;
  lastAttemptAtMs: number | null;
  createdAtMs: number;
}

export interface NewDelivery extends Pick<DeliveryRow, 'webhookId' | 'eventType' | 'payload' | 'createdAtMs' | 'aboutUserId'> {
  /** What has happened: `lecture.started lec_…`. */
  fact: string;
}

/** What was sent to webhooks, or is to be sent. Owns the collection `webhookDeliveries`. */
export class DeliveryStore {
  readonly #rows: Collection<DeliveryRow>;

  constructor(database: Database) {
    this.#rows = database.collection<DeliveryRow>({
      name: 'webhookDeliveries',
      indexes: [{ keys: { uniqueKey: 1 }, unique: true }, { keys: { webhookId: 1, createdAtMs: -1, _id: -1 } }, { keys: { state: 1, createdAtMs: 1 } }, { keys: { createdAtMs: 1 } }, { keys: { aboutUserId: 1 }, sparse: true }],
    });
  }

  /** Undefined if the webhook has a delivery of this fact already. */
  async add({ fact, ...delivery }: NewDelivery): Promise<DeliveryRow | undefined> {
    const uniqueKey = createHash('sha256').update(`${delivery.webhookId} ${fact}`).digest('base64url');
    const row: DeliveryRow = { _id: newId('whd'), ...delivery, uniqueKey, eventId: `msg_${uniqueKey.slice(0, 27)}`, state: 'pending', attempts: 0, lastStatus: null, lastError: null, lastAttemptAtMs: null };
    try {
      await this.#rows.insertOne(row);
      return row;
    } catch (error) {
      if (error instanceof DuplicateKeyError) return undefined;
      throw error;
    }
  }

  async find(deliveryId: string): Promise<DeliveryRow | undefined> {
    return (await this.#rows.findOne({ _id: deliveryId })) ?? undefined;
  }

  /** Newest first. `next` is the `after` of the next page. */
  async page(webhookId: string, after?: string): Promise<{ rows: DeliveryRow[]; next: string | null }> {
    const from = after === undefined ? undefined : await this.find(after);
    const earlier = from?.webhookId === webhookId ? { createdAtMs: { $lte: from.createdAtMs } } : {};
    const found = await this.#rows.find({ webhookId, ...earlier }, { sort: { createdAtMs: -1, _id: -1 }, limit: webhookPageSize * 2 + 1 });
    const start = from ? found.findIndex(({ _id }) => _id === from._id) + 1 : 0;
    const rows = found.slice(start, start + webhookPageSize);
    return { rows, next: found.length > start + webhookPageSize ? (rows.at(-1)?._id ?? null) : null };
  }

  async pending(beforeMs: number, limit: number): Promise<DeliveryRow[]> {
    return this.#rows.find({ state: 'pending', createdAtMs: { $lt: beforeMs } }, { sort: { createdAtMs: 1 }, limit });
  }

  async update(deliveryId: string, change: Partial<Pick<DeliveryRow, 'state' | 'attempts' | 'lastStatus' | 'lastError' | 'lastAttemptAtMs'>>): Promise<DeliveryRow | undefined> {
    return (await this.#rows.findOneAndUpdate({ _id: deliveryId }, { $set: change }, { returnDocument: 'after' })) ?? undefined;
  }

  async about(userId: UserId): Promise<DeliveryRow[]> {
    return this.#rows.find({ aboutUserId: userId });
  }

  async removeAbout(userId: UserId): Promise<void> {
    await this.#rows.deleteMany({ aboutUserId: userId });
  }

  async removeAll(webhookId: string): Promise<void> {
    await this.#rows.deleteMany({ webhookId });
  }

  async removeOld(beforeMs: number): Promise<void> {
    await this.#rows.deleteMany({ createdAtMs: { $lt: beforeMs } });
  }
}
