import { useState } from 'preact/hooks';
import type { Webhook } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Badge, Button, ConfirmDialog, Notice, showToast, SkeletonList } from '../design/index.ts';
import { text } from '../text/index.ts';
import { DeliveryLog } from './DeliveryLog.tsx';
import type { WebhookApi } from './webhookApi.ts';
import { WebhookDialog } from './WebhookDialog.tsx';
import './webhooks.css';

/** The webhooks of a course or of the site, each with the log of what was sent. */
export function Webhooks({ webhooks, intro }: { webhooks: WebhookApi; intro: string }) {
  const { data, error, reload } = useLoaded((signal) => webhooks.list(signal), [webhooks]);
  const [isAdding, setAdding] = useState(false);
  return (
    <div class="stack webhooks">
      <p class="quiet">{intro}</p>
      {error ? <LoadFailure error={error} onRetry={reload} /> : null}
      {data || error ? null : <SkeletonList rows={1} />}
      {data?.webhooks.length === 0 ? <p class="quiet">{text.webhooks.none}</p> : null}
      <ul class="stack-tight">
        {data?.webhooks.map((webhook) => (
          <WebhookRow key={webhook.id} webhook={webhook} webhooks={webhooks} onChanged={reload} />
        ))}
      </ul>
      <div class="row">
        <Button variant={data?.webhooks.length === 0 ? 'primary' : 'secondary'} onClick={() => setAdding(true)}>
          {text.webhooks.add}
        </Button>
      </div>
      {isAdding ? <WebhookDialog webhooks={webhooks} onSaved={reload} onClose={() => setAdding(false)} /> : null}
    </div>
  );
}

interface RowProps {
  webhook: Webhook;
  webhooks: WebhookApi;
  onChanged: () => void;
}

function WebhookRow({ webhook, webhooks, onChanged }: RowProps) {
  const [open, setOpen] = useState<'edit' | 'remove'>();
  const [isLogOpen, setLogOpen] = useState(false);
  const [version, setVersion] = useState(0);
  const test = useToastedAction(async () => {
    await webhooks.test(webhook.id);
    showToast({ text: text.webhooks.testSent });
    setLogOpen(true);
    setVersion((now) => now + 1);
  });
  return (
    <li class="webhook">
      <div class="webhook__head">
        <div class="grow">
          <div class="webhook__url" dir="ltr">
            {webhook.url}
          </div>
          <div class="small quiet">{webhook.events.map((event) => text.webhooks.eventNames[event]).join(' · ')}</div>
        </div>
        {webhook.isEnabled ? null : <Badge tone="warning">{text.webhooks.off}</Badge>}
        <Button aria-expanded={isLogOpen} onClick={() => setLogOpen(!isLogOpen)}>
          {isLogOpen ? text.webhooks.hideLog : text.webhooks.log}
        </Button>
        <Button isBusy={test.isBusy} onClick={() => test.run()}>
          {text.webhooks.test}
        </Button>
        <Button onClick={() => setOpen('edit')}>{text.webhooks.edit}</Button>
        <Button onClick={() => setOpen('remove')}>{text.webhooks.remove}</Button>
      </div>
      <TurnedOff webhook={webhook} webhooks={webhooks} onChanged={onChanged} />
      {isLogOpen ? <DeliveryLog webhook={webhook} webhooks={webhooks} version={version} /> : null}
      {open === 'edit' ? <WebhookDialog webhook={webhook} webhooks={webhooks} onSaved={onChanged} onClose={() => setOpen(undefined)} /> : null}
      {open === 'remove' ? <RemoveDialog webhook={webhook} webhooks={webhooks} onChanged={onChanged} onClose={() => setOpen(undefined)} /> : null}
    </li>
  );
}

function TurnedOff({ webhook, webhooks, onChanged }: RowProps) {
  const turnOn = useToastedAction(async () => {
    await webhooks.update(webhook.id, { isEnabled: true });
    showToast({ text: text.webhooks.turnedOn });
    onChanged();
  });
  if (webhook.isEnabled) return null;
  const button = (
    <Button isBusy={turnOn.isBusy} onClick={() => turnOn.run()}>
      {text.webhooks.turnOn}
    </Button>
  );
  const reasons = { failures: text.webhooks.offFailures, rights: text.webhooks.offRights };
  return (
    <Notice tone="warning" action={button}>
      {webhook.disabledBecause === null ? text.webhooks.off : reasons[webhook.disabledBecause]}
    </Notice>
  );
}

function RemoveDialog({ webhook, webhooks, onChanged, onClose }: RowProps & { onClose: () => void }) {
  const remove = useToastedAction(async () => {
    await webhooks.remove(webhook.id);
    showToast({ text: text.webhooks.removed });
    onClose();
    onChanged();
  });
  return <ConfirmDialog title={text.webhooks.removeTitle} message={text.webhooks.removeMessage} confirmLabel={text.webhooks.remove} isBusy={remove.isBusy} onConfirm={() => remove.run()} onClose={onClose} />;
}
