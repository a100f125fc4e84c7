import { useState } from 'preact/hooks';
import type { Webhook, WebhookDelivery } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded, usePolling } from '../app/useLoaded.ts';
import { Badge, Button, showToast, SkeletonList } from '../design/index.ts';
import { formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';
import type { WebhookApi } from './webhookApi.ts';

const refreshMs = 4000;
const tones = { pending: 'normal', delivered: 'good', failed: 'danger' } as const;

interface LogProps {
  webhook: Webhook;
  webhooks: WebhookApi;
  /** Changes when something was sent. */
  version: number;
}

/** What was sent to an address: its state, the answer, and the message itself. */
export function DeliveryLog({ webhook, webhooks, version }: LogProps) {
  const { deliveries, error, reload, showMore } = useDeliveries({ webhook, webhooks, version });
  const resend = useToastedAction(async (delivery: WebhookDelivery) => {
    await webhooks.resend(webhook.id, delivery.id);
    showToast({ text: text.webhooks.sentAgain });
    reload();
  });
  return (
    <section class="webhook__log" aria-label={text.webhooks.logTitle(webhook.url)}>
      {error ? <LoadFailure error={error} onRetry={reload} /> : null}
      {deliveries || error ? null : <SkeletonList rows={2} />}
      {deliveries?.length === 0 ? <p class="quiet">{text.webhooks.logEmpty}</p> : null}
      <ul class="stack-tight">
        {deliveries?.map((delivery) => (
          <DeliveryRow key={delivery.id} delivery={delivery} onResend={() => resend.run(delivery)} isBusy={resend.isBusy} />
        ))}
      </ul>
      {showMore ? (
        <div class="row">
          <Button isBusy={showMore.isBusy} onClick={() => showMore.run()}>
            {text.webhooks.more}
          </Button>
        </div>
      ) : null}
    </section>
  );
}

/** The newest deliveries, which are loaded again and again, and the older ones that were asked for. */
function useDeliveries({ webhook, webhooks, version }: LogProps) {
  const { data, error, reload } = useLoaded((signal) => webhooks.deliveries(webhook.id, { signal }), [webhook.id, version]);
  const [older, setOlder] = useState<{ deliveries: WebhookDelivery[]; next: string | null }>();
  usePolling(reload, refreshMs);
  const next = older ? older.next : (data?.next ?? null);
  const showMore = useToastedAction(async () => {
    if (next === null) return;
    const page = await webhooks.deliveries(webhook.id, { after: next });
    setOlder({ deliveries: [...(older?.deliveries ?? []), ...page.deliveries], next: page.next });
  });
  const newest = data?.deliveries;
  const shown = new Set(newest?.map(({ id }) => id));
  const deliveries = newest && [...newest, ...(older?.deliveries ?? []).filter(({ id }) => !shown.has(id))];
  return { deliveries, error, reload, showMore: next === null ? undefined : showMore };
}

function DeliveryRow({ delivery, isBusy, onResend }: { delivery: WebhookDelivery; isBusy: boolean; onResend: () => void }) {
  const { eventType, state, createdAt, attempts, lastStatus, lastError, payload } = delivery;
  return (
    <li class="login">
      <div class="grow">
        <div>{text.webhooks.eventNames[eventType]}</div>
        <div class="small quiet">{[formatDateTime(createdAt), attempts > 0 ? text.webhooks.tries(attempts) : '', lastStatus === null ? '' : `HTTP ${lastStatus}`].filter((part) => part !== '').join(' · ')}</div>
        {lastError === null ? null : (
          <div class="small" dir="auto">
            {lastError}
          </div>
        )}
        <details class="small">
          <summary>{text.webhooks.message}</summary>
          <pre class="webhook__payload" dir="ltr" tabIndex={0}>
            {payload}
          </pre>
        </details>
      </div>
      <Badge tone={tones[state]}>{text.webhooks.states[state]}</Badge>
      {state === 'pending' ? null : (
        <Button isBusy={isBusy} onClick={onResend}>
          {text.webhooks.again}
        </Button>
      )}
    </li>
  );
}
