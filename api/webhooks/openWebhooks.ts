import type { AccessPolicy } from '#engine';
import { background, retryUntilPersisted } from '#engine/kernel';
import type { Clock, Database, JobHandler, JobQueue, JobWorker, Logger, OutboundPolicy, Sealer } from '#engine/kernel';
import { webhookSweepMs } from '../programLimits.ts';
import { DeliveryStore } from './DeliveryStore.ts';
import { deliverWebhooks, sweepDeliveries } from './deliverWebhooks.ts';
import { WebhookEvents } from './WebhookEvents.ts';
import { Webhooks } from './Webhooks.ts';
import { WebhookStore } from './WebhookStore.ts';

export interface OpenWebhooksOptions {
  database: Database;
  jobs: JobQueue;
  outbound: OutboundPolicy;
  sealer: Sealer;
  clock: Clock;
  logger: Logger;
}

export interface OpenedWebhooks {
  service: Webhooks;
  events: WebhookEvents;
  /** For the workers. */
  deliver(policy: AccessPolicy): JobHandler<{ deliveryId: string }>;
  sweep: JobHandler<null>;
  /** Lets a worker deliver and sweep, and asks for the sweep until the database accepts that. Returns what ends the asking. */
  work(worker: Pick<JobWorker, 'handle'>, policy: AccessPolicy): () => void;
}

/** The webhooks of the site, for the processes that serve, report or deliver. */
export function openWebhooks({ database, jobs, outbound, sealer, clock, logger }: OpenWebhooksOptions): OpenedWebhooks {
  const [webhooks, deliveries] = [new WebhookStore(database), new DeliveryStore(database)];
  const events = new WebhookEvents({ webhooks, deliveries, jobs, clock });
  const sweep = sweepDeliveries({ deliveries, events, clock });
  const deliver = (policy: AccessPolicy) => deliverWebhooks({ webhooks, deliveries, policy, outbound, openSecret: (sealed) => sealer.unseal(sealed, 'webhook'), clock, logger });
  return {
    service: new Webhooks({ webhooks, deliveries, events, outbound, sealSecret: (secret) => sealer.seal(secret, 'webhook'), clock, logger }),
    events,
    deliver,
    sweep,
    work: (worker, policy) => {
      worker.handle(deliver(policy));
      worker.handle(sweep);
      const closing = new AbortController();
      const ask = () => jobs.repeat(sweep.kind, { key: 'site', data: null, everyMs: webhookSweepMs });
      background('webhooks.repeatSweep', retryUntilPersisted(ask, { clock, signal: closing.signal }), logger);
      return () => closing.abort(new Error('the server is stopping'));
    },
  };
}
