import { useState } from 'preact/hooks';
import type { AddressStatus } from '#api/contract';
import { PasswordField } from '../account/PasswordField.tsx';
import { ActionForm } from '../app/ActionForm.tsx';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { api } from '../app/services.ts';
import { useAction, useToastedAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Badge, Button, showToast, SkeletonList, TextField } from '../design/index.ts';
import { formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';
import { NoMailNotice } from './NoMailNotice.tsx';
import './personal.css';

/** On the profile: the e-mail address, whether it is confirmed, and the change of it. */
export function EmailFields() {
  const words = text.personal.email;
  const { data, error, reload, replace } = useLoaded((signal) => api.getEmail({}, { signal }), []);
  const [isChanging, setChanging] = useState(false);
  const resend = useToastedAction(async () => {
    await api.resendVerification();
    showToast({ text: words.resent });
  });
  if (error) return <LoadFailure error={error} onRetry={reload} />;
  if (!data) return <SkeletonList rows={1} />;
  const needsLinks = !data.isVerified || data.change !== null || isChanging;
  return (
    <>
      <div class="email">
        <span class="email__address">{data.email}</span>
        <Badge tone={data.isVerified ? 'good' : 'warning'}>{data.isVerified ? words.verified : words.unverified}</Badge>
      </div>
      {needsLinks ? <NoMailNotice /> : null}
      {data.isVerified ? null : (
        <div class="stack-tight">
          <p class="quiet">{words.unverifiedHint}</p>
          <div class="row">
            <Button isBusy={resend.isBusy} onClick={() => resend.run()}>{words.resend}</Button>
          </div>
        </div>
      )}
      {data.change ? <PendingChange status={data} change={data.change} onChanged={replace} /> : null}
      {!data.change && isChanging ? (
        <ChangeForm
          onCancel={() => setChanging(false)}
          onChanged={(status) => {
            setChanging(false);
            replace(status);
          }}
        />
      ) : null}
      {!data.change && !isChanging ? (
        <div class="row">
          <Button onClick={() => setChanging(true)}>{words.change}</Button>
        </div>
      ) : null}
    </>
  );
}

function ChangeForm({ onChanged, onCancel }: { onChanged: (status: AddressStatus) => void; onCancel: () => void }) {
  const words = text.personal.email;
  const [email, setEmail] = useState('');
  const [currentPassword, setPassword] = useState('');
  const change = useAction(async () => onChanged(await api.changeEmail({ body: { email, currentPassword } })));
  return (
    <ActionForm action={change}>
      <p class="quiet">{words.changeHint}</p>
      <TextField label={words.newEmail} type="email" autocomplete="email" inputMode="email" autofocus required value={email} error={change.fieldProblem('email')} onValue={setEmail} />
      <PasswordField label={text.account.currentPassword} autocomplete="current-password" value={currentPassword} error={change.fieldProblem('currentPassword')} onValue={setPassword} />
      <div class="row">
        <Button type="submit" variant="primary" isBusy={change.isBusy}>{words.begin}</Button>
        <Button onClick={onCancel}>{text.actions.cancel}</Button>
      </div>
    </ActionForm>
  );
}

interface PendingChangeProps {
  status: AddressStatus;
  change: NonNullable<AddressStatus['change']>;
  onChanged: (status: AddressStatus) => void;
}

function PendingChange({ status, change, onChanged }: PendingChangeProps) {
  const words = text.personal.email;
  const cancel = useToastedAction(async () => {
    onChanged(await api.cancelEmailChange());
    showToast({ text: words.cancelled });
  });
  const sides = [
    ...(status.isVerified ? [{ label: words.old, email: status.email, isConfirmed: change.isOldConfirmed }] : []),
    { label: words.fresh, email: change.newEmail, isConfirmed: change.isNewConfirmed },
  ];
  return (
    <section class="stack-tight" aria-label={words.pending(change.newEmail)}>
      <p>{words.pending(change.newEmail)}</p>
      <ul class="stack-tight">
        {sides.map(({ label, email, isConfirmed }) => (
          <li key={label} class="email">
            <span class="email__address">
              {label}: {email}
            </span>
            <Badge tone={isConfirmed ? 'good' : 'normal'}>{isConfirmed ? words.confirmed : words.waiting}</Badge>
          </li>
        ))}
      </ul>
      <p class="small quiet">{words.pendingUntil(formatDateTime(change.expiresAt))}</p>
      <div class="row">
        <Button isBusy={cancel.isBusy} onClick={() => cancel.run()}>{words.cancel}</Button>
      </div>
    </section>
  );
}
