import { CodedError } from '#engine/contract';
import type { UserId } from '#engine/contract';
import { newId, toInstant } from '#engine/kernel';
import type { Clock, Logger, OutboundPolicy } from '#engine/kernel';
import { maxWebhooks } from '../contract/index.ts';
import type { WebhookEventType } from '../contract/index.ts';
import type { DeliveryRow, DeliveryStore } from './DeliveryStore.ts';
import { newWebhookSecret } from './signature.ts';
import type { WebhookEvents } from './WebhookEvents.ts';
import type { WebhookRow, WebhookStore } from './WebhookStore.ts';

export interface WebhooksOptions {
  webhooks: WebhookStore;
  deliveries: DeliveryStore;
  events: WebhookEvents;
  outbound: OutboundPolicy;
  sealSecret: (secret: string) => string;
  clock: Clock;
  logger: Logger;
}

interface Form {
  url: string;
  events: WebhookEventType[];
}

/** Creates and changes webhooks, and sends again what was sent. */
export class Webhooks {
  readonly #options: WebhooksOptions;

  constructor(options: WebhooksOptions) {
    this.#options = options;
  }

  async list(scope: string): Promise<WebhookRow[]> {
    return this.#options.webhooks.ofScopes([scope]);
  }

  /** @throws CodedError `address.refused`, `limit.reached` beyond `maxWebhooks` */
  async create(scope: string, { url, events }: Form, createdBy: UserId): Promise<{ webhook: WebhookRow; secret: string }> {
    const { webhooks, sealSecret, clock, logger } = this.#options;
    if ((await this.list(scope)).length >= maxWebhooks) throw new CodedError('limit.reached', `At most ${maxWebhooks} webhooks. Delete one that is not used.`);
    await this.#requireReachable(url);
    const secret = newWebhookSecret();
    const webhook = await webhooks.add({ scope, url, events: [...new Set(events)], sealedSecret: sealSecret(secret), createdBy, createdAt: toInstant(clock.nowMs()) });
    logger.info({ webhookId: webhook._id, scope, userId: createdBy }, 'webhook.created');
    return { webhook, secret };
  }

  /** @throws CodedError `webhook.notFound`, `address.refused` */
  async update(scope: string, webhookId: string, change: { url?: string | undefined; events?: WebhookEventType[] | undefined; isEnabled?: boolean | undefined }): Promise<WebhookRow> {
    const { webhooks } = this.#options;
    await webhooks.get(scope, webhookId);
    if (change.url !== undefined) await this.#requireReachable(change.url);
    return webhooks.update(webhookId, change.isEnabled === undefined ? change : { ...change, disabledBecause: null, failures: 0 });
  }

  /** @throws CodedError `webhook.notFound` */
  async remove(scope: string, webhookId: string): Promise<void> {
    await this.#options.webhooks.get(scope, webhookId);
    await this.#options.webhooks.remove(webhookId);
    await this.#options.deliveries.removeAll(webhookId);
    this.#options.logger.info({ webhookId, scope }, 'webhook.removed');
  }

  /** @throws CodedError `webhook.notFound` */
  async test(scope: string, webhookId: string): Promise<DeliveryRow> {
    await this.#options.webhooks.get(scope, webhookId);
    const nowMs = this.#options.clock.nowMs();
    const payload = JSON.stringify({ type: 'webhook.test', timestamp: toInstant(nowMs), data: { webhookId } });
    const row = await this.#options.events.add({ webhookId, eventType: 'webhook.test', payload, createdAtMs: nowMs, fact: newId('evt') });
    if (!row) throw new Error('two test events have one id');
    return row;
  }

  /** @throws CodedError `webhook.notFound` */
  async deliveries(scope: string, webhookId: string, after?: string): Promise<{ rows: DeliveryRow[]; next: string | null }> {
    await this.#options.webhooks.get(scope, webhookId);
    return this.#options.deliveries.page(webhookId, after);
  }

  /** @throws CodedError `webhook.notFound` */
  async resend(scope: string, { webhookId, deliveryId }: { webhookId: string; deliveryId: string }): Promise<DeliveryRow> {
    const { webhooks, deliveries, events } = this.#options;
    await webhooks.get(scope, webhookId);
    const known = await deliveries.find(deliveryId);
    const row = known?.webhookId === webhookId ? await deliveries.update(deliveryId, { state: 'pending', lastError: null }) : undefined;
    if (!row) throw new CodedError('webhook.notFound', 'There is no such delivery. It may be too old; reload the page.');
    await events.enqueue(deliveryId);
    return row;
  }

  /** The address is checked again at every delivery: what a name resolves to may change. */
  async #requireReachable(url: string): Promise<void> {
    const { hostname, protocol, username, password } = new URL(url);
    const { isAllowed } = await this.#options.outbound.check(hostname);
    const isRefused = (protocol !== 'https:' && !isAllowed) || username !== '' || password !== '';
    if (isRefused) throw new CodedError('address.refused', 'Enter an address that begins with https and has no password in it.', { details: { field: 'url' } });
  }
}
