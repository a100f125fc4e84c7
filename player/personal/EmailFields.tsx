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
import { NoMailNotice, useSendsMail } from './NoMailNotice.tsx';
import './personal.css';

/** On the profile: the e-mail address, whether it is confirmed, and the change of it. */
export function EmailFields() {
  const words = text.personal.email;
  const { data, error, reload, replace } = useLoaded((signal) => api.getEmail({}, { signal }), []);
  const [isChanging, setChanging] = useState(false);
  // Without mail, nobody could confirm the new address.
  const canChange = useSendsMail() !== false;
  if (!data) return error ? <LoadFailure error={error} onRetry={reload} /> : <SkeletonList rows={1} />;
  const onChanged = (status: AddressStatus) => {
    setChanging(false);
    replace(status);
  };
  return (
    <>
      <div class="email">
        <span class="email__address">{data.email}</span>
        <Badge tone={data.isVerified ? 'good' : 'warning'}>{data.isVerified ? words.verified : words.unverified}</Badge>
      </div>
      {data.isVerified && !data.change && !isChanging ? null : <NoMailNotice />}
      {data.isVerified ? null : <Unverified />}
      {data.change ? <PendingChange status={data} change={data.change} onChanged={onChanged} /> : null}
      {data.change || !canChange ? null : <Change isOpen={isChanging} onOpen={setChanging} onChanged={onChanged} />}
    </>
  );
}

/** What an address is not good for before it is confirmed, and another link. */
function Unverified() {
  const words = text.personal.email;
  const sendsMail = useSendsMail();
  const resend = useToastedAction(async () => {
    await api.resendVerification();
    showToast({ text: words.resent });
  });
  return (
    <div class="stack-tight">
      <p class="quiet">{sendsMail === false ? words.unverifiedNoMail : words.unverifiedHint}</p>
      {sendsMail === false ? null : (
        <div class="row">
          <Button isBusy={resend.isBusy} onClick={() => resend.run()}>{words.resend}</Button>
        </div>
      )}
    </div>
  );
}

function Change({ isOpen, onOpen, onChanged }: { isOpen: boolean; onOpen: (isOpen: boolean) => void; onChanged: (status: AddressStatus) => void }) {
  if (isOpen) return <ChangeForm onCancel={() => onOpen(false)} onChanged={onChanged} />;
  return (
    <div class="row">
      <Button onClick={() => onOpen(true)}>{text.personal.email.change}</Button>
    </div>
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
