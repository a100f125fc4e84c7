import * as z from 'zod';
import { CodedError, CourseId, UserId } from '#engine/contract';
import type { AccessPolicy } from '#engine';
import { jobKind, outboundRequest } from '#engine/kernel';
import type { Clock, JobHandler, Logger, OutboundPolicy, RunningJob } from '#engine/kernel';
import { maxWebhookAnswerBytes, maxWebhookFailures, webhookAttempts, webhookConcurrency, webhookLogMs, webhookSweepMs, webhookTimeoutMs } from '../programLimits.ts';
import type { DeliveryRow, DeliveryStore } from './DeliveryStore.ts';
import { signedHeaders } from './signature.ts';
import { deliveryJobs } from './WebhookEvents.ts';
import type { WebhookEvents } from './WebhookEvents.ts';
import { siteScope } from './WebhookStore.ts';
import type { WebhookRow, WebhookStore } from './WebhookStore.ts';

export interface DeliverWebhooksOptions {
  webhooks: WebhookStore;
  deliveries: DeliveryStore;
  /** Of the person who made the webhook. */
  policy: Pick<AccessPolicy, 'requireInCourse' | 'requireAdmin'>;
  outbound: OutboundPolicy;
  openSecret: (sealed: string) => string;
  clock: Clock;
  logger: Logger;
}

/** Sends one event to one address. A failed try is repeated by the queue; the last one ends the delivery. */
export function deliverWebhooks(options: DeliverWebhooksOptions): JobHandler<{ deliveryId: string }> {
  return {
    kind: deliveryJobs,
    concurrency: webhookConcurrency,
    // It waits for others most of the time.
    isLight: true,
    run: async (job) => {
      const delivery = await options.deliveries.find(job.data.deliveryId);
      const webhook = delivery && (await options.webhooks.find(delivery.webhookId));
      if (!delivery || !webhook || delivery.state === 'delivered') return;
      const isTest = delivery.eventType === 'webhook.test';
      if (!webhook.isEnabled && !isTest) return giveUp(options, delivery, 'The webhook is disabled.');
      if (!(await isStillAllowed(options, webhook))) {
        await options.webhooks.disable(webhook._id, 'rights');
        return giveUp(options, delivery, 'The person who made the webhook may not do so any more.');
      }
      await attempt(options, { delivery, webhook, job, isTest });
    },
  };
}

async function attempt(options: DeliverWebhooksOptions, { delivery, webhook, job, isTest }: { delivery: DeliveryRow; webhook: WebhookRow; job: RunningJob<unknown>; isTest: boolean }): Promise<void> {
  const { deliveries, webhooks, clock, logger } = options;
  const result = await send(options, { delivery, webhook, signal: job.signal });
  const change = { attempts: delivery.attempts + 1, lastStatus: result.status, lastError: result.error, lastAttemptAtMs: clock.nowMs() };
  if (result.error === null) {
    await deliveries.update(delivery._id, { ...change, state: 'delivered' });
    await webhooks.update(webhook._id, { failures: 0 });
    return;
  }
  // Nobody waits nine hours for a test.
  const isLast = isTest || job.attempt >= webhookAttempts;
  await deliveries.update(delivery._id, { ...change, state: isLast ? 'failed' : 'pending' });
  if (!isTest && (await webhooks.countFailure(webhook._id)) >= maxWebhookFailures) {
    await webhooks.disable(webhook._id, 'failures');
    logger.warn({ webhookId: webhook._id }, 'webhook.disabled');
  }
  // The last failure is in the delivery log; it is no dead letter of the site.
  if (!isLast) throw new Error(result.error);
}

interface Result {
  status: number | null;
  /** Null after a success. */
  error: string | null;
}

async function send({ outbound, openSecret, clock }: DeliverWebhooksOptions, { delivery, webhook, signal }: { delivery: DeliveryRow; webhook: WebhookRow; signal: AbortSignal }): Promise<Result> {
  const { payload, eventId: id } = delivery;
  const timestampSeconds = Math.floor(clock.nowMs() / 1000);
  const headers = { 'content-type': 'application/json', 'user-agent': 'Lectern-Webhooks/1', ...signedHeaders({ secret: openSecret(webhook.sealedSecret), id, timestampSeconds, payload }) };
  try {
    const { status, body } = await outboundRequest(outbound, { url: webhook.url, method: 'POST', headers, body: payload, timeoutMs: webhookTimeoutMs, maxBytes: maxWebhookAnswerBytes, signal });
    if (status >= 200 && status < 300) return { status, error: null };
    const error = status >= 300 && status < 400 ? `The receiver redirects (${status}). Redirects are not followed: enter the final address.` : `The receiver answered ${status}. ${body}`.trim();
    return { status, error };
  } catch (error) {
    // An address that is refused is tried again as well: a name server may be away, and nobody is to learn which it was.
    return { status: null, error: error instanceof Error ? error.message : String(error) };
  }
}

async function giveUp({ deliveries }: DeliverWebhooksOptions, { _id }: DeliveryRow, lastError: string): Promise<void> {
  await deliveries.update(_id, { state: 'failed', lastError });
}

/** Whoever made it still owns the course, or still is an administrator. */
async function isStillAllowed({ policy }: DeliverWebhooksOptions, { scope, createdBy }: WebhookRow): Promise<boolean> {
  const userId = UserId.parse(createdBy);
  try {
    if (scope === siteScope) await policy.requireAdmin(userId);
    else await policy.requireInCourse(userId, CourseId.parse(scope), 'webhook.manage');
    return true;
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    // What happened before the course was archived is still delivered.
    if (error.code === 'course.archived') return true;
    if (['access.denied', 'enrolment.removed', 'course.notFound', 'course.notPublished'].includes(error.code)) return false;
    throw error;
  }
}

const sweepJobs = jobKind('webhook.sweep', { data: z.null() });

/** Deliveries whose process died before it had added their job, and those that are too old. */
export function sweepDeliveries({ deliveries, events, clock }: { deliveries: DeliveryStore; events: WebhookEvents; clock: Clock }): JobHandler<null> {
  return {
    kind: sweepJobs,
    concurrency: 1,
    run: async () => {
      const nowMs = clock.nowMs();
      for (const { _id } of await deliveries.pending(nowMs - webhookSweepMs, 1000)) await events.enqueue(_id);
      await deliveries.removeOld(nowMs - webhookLogMs);
    },
  };
}
