import { useState } from 'preact/hooks';
import { PasswordField } from '../account/PasswordField.tsx';
import { ActionForm } from '../app/ActionForm.tsx';
import { account, api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { Button, showToast } from '../design/index.ts';
import { text } from '../text/index.ts';
import type { SectionProps } from './SectionProps.ts';
import { useConfirmed } from './useConfirmed.tsx';

export function Password(props: SectionProps) {
  return props.security.hasPassword ? <ChangePassword /> : <FirstPassword {...props} />;
}

function ChangePassword() {
  const [currentPassword, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const change = useAction(async () => {
    await api.updateProfile({ body: { currentPassword, password } });
    setCurrent('');
    setPassword('');
    showToast({ text: text.account.passwordChanged });
  });
  return (
    <ActionForm class="password-form" title={text.account.passwordTitle} action={change}>
      <AccountName />
      <PasswordField
        label={text.account.currentPassword}
        autocomplete="current-password"
        value={currentPassword}
        error={change.fieldProblem('currentPassword')}
        onValue={setCurrent}
      />
      <PasswordField
        label={text.account.newPassword}
        hint={text.account.passwordHint}
        autocomplete="new-password"
        value={password}
        error={change.fieldProblem('password')}
        onValue={setPassword}
      />
      <div class="row">
        <Button type="submit" isBusy={change.isBusy}>
          {text.account.changePassword}
        </Button>
      </div>
    </ActionForm>
  );
}

function FirstPassword({ security, onChanged }: SectionProps) {
  const [password, setPassword] = useState('');
  const { action, dialog } = useConfirmed(security, async () => {
    await api.setPassword({ body: { password } });
    showToast({ text: text.security.passwordSaved });
    onChanged();
  });
  return (
    <>
      <ActionForm class="password-form" title={text.account.passwordTitle} action={action}>
        <p class="quiet">{text.security.noPassword}</p>
        <AccountName />
        <PasswordField
          label={text.account.newPassword}
          hint={text.account.passwordHint}
          autocomplete="new-password"
          value={password}
          error={action.fieldProblem('password')}
          onValue={setPassword}
        />
        <div class="row">
          <Button type="submit" isBusy={action.isBusy}>
            {text.security.passwordSet}
          </Button>
        </div>
      </ActionForm>
      {dialog}
    </>
  );
}

/** Tells password managers whose password this is. */
function AccountName() {
  return <input class="unseen" type="email" name="email" autocomplete="username" readOnly tabIndex={-1} aria-hidden="true" value={account.value?.email ?? ''} />;
}
