import { useState } from 'preact/hooks';
import { webhookEventTypes } from '#api/contract';
import type { Webhook } from '#api/contract';
import { ActionForm } from '../app/ActionForm.tsx';
import { useAction } from '../app/useAction.ts';
import { Button, Checkbox, CopyField, Dialog, DialogActions, showToast, TextField } from '../design/index.ts';
import { text } from '../text/index.ts';
import type { WebhookApi, WebhookForm } from './webhookApi.ts';

interface DialogProps {
  webhooks: WebhookApi;
  /** To edit; a new one without it. */
  webhook?: Webhook;
  onSaved: () => void;
  onClose: () => void;
}

/** Adds a webhook and shows its secret once, or edits one. */
export function WebhookDialog({ webhooks, webhook, onSaved, onClose }: DialogProps) {
  const [secret, setSecret] = useState<string>();
  const [form, setForm] = useState<WebhookForm>({ url: webhook?.url ?? '', events: webhook?.events ?? ['lecture.started', 'lecture.ended', 'recording.ready'] });
  const save = useAction(async () => {
    if (webhook) {
      await webhooks.update(webhook.id, form);
      showToast({ text: text.webhooks.saved });
      onClose();
    } else setSecret((await webhooks.create(form)).secret);
    onSaved();
  });
  if (secret !== undefined) return <Secret secret={secret} onClose={onClose} />;
  return (
    <Dialog title={webhook ? text.webhooks.editTitle : text.webhooks.add} onClose={onClose}>
      <ActionForm action={save}>
        <TextField
          label={text.webhooks.url}
          hint={text.webhooks.urlHint}
          type="url"
          dir="ltr"
          value={form.url}
          error={save.fieldProblem('url')}
          onValue={(url) => setForm({ ...form, url })}
          autofocus
        />
        <EventFields events={form.events} onEvents={(events) => setForm({ ...form, events })} />
        <DialogActions>
          <Button onClick={onClose}>{text.actions.cancel}</Button>
          <Button type="submit" variant="primary" isBusy={save.isBusy} disabled={form.events.length === 0}>
            {webhook ? text.actions.save : text.webhooks.addDo}
          </Button>
        </DialogActions>
      </ActionForm>
    </Dialog>
  );
}

function EventFields({ events, onEvents }: { events: WebhookForm['events']; onEvents: (events: WebhookForm['events']) => void }) {
  return (
    <fieldset class="webhook__events">
      <legend class="field__label">{text.webhooks.events}</legend>
      {webhookEventTypes.map((type) => (
        <Checkbox
          key={type}
          label={text.webhooks.eventNames[type]}
          isChecked={events.includes(type)}
          onChecked={(isChecked) => onEvents(isChecked ? [...events, type] : events.filter((each) => each !== type))}
        />
      ))}
      {events.length === 0 ? <p class="small quiet">{text.webhooks.noEvents}</p> : null}
    </fieldset>
  );
}

function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <Dialog title={text.webhooks.secretTitle} onClose={onClose}>
      <CopyField label={text.webhooks.secret} value={secret} hint={text.webhooks.secretHint} />
      <DialogActions>
        <Button variant="primary" onClick={onClose}>
          {text.webhooks.done}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
