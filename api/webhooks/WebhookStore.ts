import { CodedError } from '#engine/contract';
import type { UserId } from '#engine/contract';
import { newId } from '#engine/kernel';
import type { Collection, Database } from '#engine/kernel';
import type { Webhook, WebhookEventType } from '../contract/index.ts';

export interface WebhookRow {
  _id: string;
  /** The course, or `site`. */
  scope: string;
  url: string;
  events: WebhookEventType[];
  /** Sealed: it signs, so it is needed in clear. */
  sealedSecret: string;
  createdBy: string;
  createdAt: string;
  isEnabled: boolean;
  disabledBecause: Webhook['disabledBecause'];
  /** Tries that have failed since the last one that succeeded. */
  failures: number;
}

/** The scope of the webhooks that are notified of all courses. */
export const siteScope = 'site';

/** The webhooks. Owns the collection `webhooks`. */
export class WebhookStore {
  readonly #webhooks: Collection<WebhookRow>;

  constructor(database: Database) {
    this.#webhooks = database.collection<WebhookRow>({ name: 'webhooks', indexes: [{ keys: { scope: 1, createdAt: 1 } }, { keys: { createdBy: 1 } }] });
  }

  async add(webhook: Omit<WebhookRow, '_id' | 'isEnabled' | 'disabledBecause' | 'failures'>): Promise<WebhookRow> {
    const row: WebhookRow = { _id: newId('whk'), ...webhook, isEnabled: true, disabledBecause: null, failures: 0 };
    await this.#webhooks.insertOne(row);
    return row;
  }

  async find(webhookId: string): Promise<WebhookRow | undefined> {
    return (await this.#webhooks.findOne({ _id: webhookId })) ?? undefined;
  }

  /** @throws CodedError `webhook.notFound` also for one of another scope */
  async get(scope: string, webhookId: string): Promise<WebhookRow> {
    const row = await this.find(webhookId);
    if (row?.scope !== scope) throw notFound();
    return row;
  }

  /** Oldest first. */
  async ofScopes(scopes: readonly string[]): Promise<WebhookRow[]> {
    return this.#webhooks.find({ scope: { $in: scopes } }, { sort: { createdAt: 1 } });
  }

  async madeBy(userId: UserId): Promise<WebhookRow[]> {
    return this.#webhooks.find({ createdBy: userId });
  }

  /** @throws CodedError `webhook.notFound` */
  async update(webhookId: string, change: Partial<Pick<WebhookRow, 'url' | 'events' | 'isEnabled' | 'disabledBecause' | 'failures'>>): Promise<WebhookRow> {
    const row = await this.#webhooks.findOneAndUpdate({ _id: webhookId }, { $set: change }, { returnDocument: 'after' });
    if (!row) throw notFound();
    return row;
  }

  /** Counts a failed try, and returns how many have failed in a row. */
  async countFailure(webhookId: string): Promise<number> {
    return (await this.#webhooks.findOneAndUpdate({ _id: webhookId }, { $inc: { failures: 1 } }, { returnDocument: 'after' }))?.failures ?? 0;
  }

  async disable(webhookId: string, disabledBecause: NonNullable<Webhook['disabledBecause']>): Promise<void> {
    await this.#webhooks.updateOne({ _id: webhookId }, { $set: { isEnabled: false, disabledBecause } });
  }

  async remove(webhookId: string): Promise<void> {
    await this.#webhooks.deleteOne({ _id: webhookId });
  }
}

function notFound(): CodedError {
  return new CodedError('webhook.notFound', 'There is no such webhook. It may have been deleted; reload the page.');
}
