import { useState } from 'preact/hooks';
import { AccountForm } from '../account/AccountForm.tsx';
import { PasswordField } from '../account/PasswordField.tsx';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { Checkbox, Notice } from '../design/index.ts';
import { text } from '../text/index.ts';
import { LinkDone, tokenInAddress } from './MailedLinkPage.tsx';

/** Opened with the link that is mailed for a forgotten password. */
export default function ResetPasswordPage() {
  const words = text.personal.reset;
  usePageTitle(words.title);
  const [token] = useState(tokenInAddress);
  const [password, setPassword] = useState('');
  const [revokesCalendarFeeds, setRevoking] = useState(false);
  const [isDone, setDone] = useState(false);
  const reset = useAction(async () => {
    await api.resetPassword({ body: { token, password, revokesCalendarFeeds } });
    setDone(true);
  });
  if (isDone) return <LinkDone title={words.doneTitle} isSignedIn={false}>{words.done}</LinkDone>;
  if (token === '') {
    return (
      <div class="page page--narrow">
        <h1>{words.title}</h1>
        <Notice tone="warning">{text.personal.linkMissing}</Notice>
      </div>
    );
  }
  return (
    <AccountForm title={words.title} intro={words.intro} submitLabel={words.action} action={reset} after={<p><a href={paths.forgotPassword}>{words.again}</a></p>}>
      <PasswordField label={text.account.newPassword} hint={text.account.passwordHint} autocomplete="new-password" value={password} error={reset.fieldProblem('password')} onValue={setPassword} />
      <Checkbox label={words.revokeCalendars} hint={words.revokeCalendarsHint} isChecked={revokesCalendarFeeds} onChecked={setRevoking} />
    </AccountForm>
  );
}
