import * as z from 'zod';
import { jobKind, toInstant } from '#engine/kernel';
import type { Clock, JobQueue } from '#engine/kernel';
import type { WebhookEventType } from '../contract/index.ts';
import { webhookAttempts, webhookRetryMs } from '../programLimits.ts';
import type { DeliveryRow, DeliveryStore } from './DeliveryStore.ts';
import { siteScope } from './WebhookStore.ts';
import type { WebhookStore } from './WebhookStore.ts';

/** Below all other work of a node. */
export const deliveryJobs = jobKind('webhook.deliver', {
  data: z.object({ deliveryId: z.string() }),
  priority: -10,
  maxAttempts: webhookAttempts,
  retryFirstMs: webhookRetryMs,
  retryMaxMs: webhookRetryMs * 2 ** (webhookAttempts - 2),
});

export interface DomainEvent {
  type: WebhookEventType;
  courseId: string;
  /** What it is about; with `type`, an event is told from all others. */
  subjectId: string;
  data: Readonly<Record<string, unknown>>;
  /** The person whom `data` names. */
  aboutUserId?: string;
}

export interface WebhookEventsOptions {
  webhooks: WebhookStore;
  deliveries: DeliveryStore;
  jobs: JobQueue;
  clock: Clock;
}

/** Turns what happens into deliveries: one for each webhook that asks for it, however many processes report it. */
export class WebhookEvents {
  readonly #options: WebhookEventsOptions;

  constructor(options: WebhookEventsOptions) {
    this.#options = options;
  }

  async record({ type, courseId, subjectId, data, aboutUserId }: DomainEvent): Promise<void> {
    const { webhooks, clock } = this.#options;
    const interested = (await webhooks.ofScopes([courseId, siteScope])).filter(({ isEnabled, events }) => isEnabled && events.includes(type));
    const nowMs = clock.nowMs();
    const payload = JSON.stringify({ type, timestamp: toInstant(nowMs), data: { courseId, ...data } });
    for (const { _id } of interested) await this.add({ webhookId: _id, eventType: type, payload, createdAtMs: nowMs, fact: `${type} ${subjectId}`, ...(aboutUserId !== undefined && { aboutUserId }) });
  }

  /** Undefined if there is such a delivery already. */
  async add(delivery: Parameters<DeliveryStore['add']>[0]): Promise<DeliveryRow | undefined> {
    const row = await this.#options.deliveries.add(delivery);
    if (row) await this.enqueue(row._id);
    return row;
  }

  async enqueue(deliveryId: string): Promise<void> {
    await this.#options.jobs.add(deliveryJobs, { key: deliveryId, data: { deliveryId } });
  }
}
