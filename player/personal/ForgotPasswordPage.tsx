import { useState } from 'preact/hooks';
import { AccountForm } from '../account/AccountForm.tsx';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { ButtonLink, EmptyState, TextField } from '../design/index.ts';
import { text } from '../text/index.ts';
import { useSendsMail } from './NoMailNotice.tsx';

/** Asks for a link to set a new password. The answer is the same whether there is an account or not. */
export default function ForgotPasswordPage() {
  const words = text.personal.forgot;
  usePageTitle(words.title);
  const [email, setEmail] = useState('');
  const [isSent, setSent] = useState(false);
  const sendsMail = useSendsMail();
  const send = useAction(async () => {
    await api.forgotPassword({ body: { email } });
    setSent(true);
  });
  if (sendsMail === false) {
    return (
      <EmptyState isPage title={words.title} action={<ButtonLink href={paths.signIn}>{text.personal.toSignIn}</ButtonLink>}>
        {words.noMail}
      </EmptyState>
    );
  }
  if (isSent) {
    return (
      <EmptyState isPage title={words.doneTitle} action={<ButtonLink href={paths.signIn}>{text.personal.toSignIn}</ButtonLink>}>
        {words.done(email)}
      </EmptyState>
    );
  }
  return (
    <AccountForm title={words.title} intro={words.intro} submitLabel={words.action} action={send} after={<p><a href={paths.signIn}>{text.personal.toSignIn}</a></p>}>
      <TextField label={text.account.email} type="email" name="email" autocomplete="username" inputMode="email" autofocus required value={email} error={send.fieldProblem('email')} onValue={setEmail} />
    </AccountForm>
  );
}
