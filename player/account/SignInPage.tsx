import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { paths, safeNext } from '../app/paths.ts';
import { accountStore, api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { TextField } from '../design/index.ts';
import { text } from '../text/index.ts';
import { AccountForm } from './AccountForm.tsx';
import { PasswordField } from './PasswordField.tsx';

export default function SignInPage() {
  usePageTitle(text.account.signInTitle);
  const { query, route } = useLocation();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useAction(async () => {
    accountStore.accept(await api.login({ body: { email, password } }));
    route(safeNext(query.next), true);
  });
  return (
    <AccountForm
      title={text.account.signInTitle}
      submitLabel={text.account.signIn}
      action={signIn}
      after={
        <div class="stack-tight">
          <p>
            <a href={paths.forgotPassword}>{text.personal.forgot.link}</a>
          </p>
          <p>
            {text.account.noAccount} <a href={withNext(paths.signUp, query.next)}>{text.account.signUp}</a>
          </p>
        </div>
      }
    >
      <TextField
        label={text.account.email}
        type="email"
        name="email"
        autocomplete="username"
        inputMode="email"
        autofocus
        required
        value={email}
        error={signIn.fieldProblem('email')}
        onValue={setEmail}
      />
      <PasswordField
        label={text.account.password}
        autocomplete="current-password"
        value={password}
        error={signIn.fieldProblem('password')}
        onValue={setPassword}
      />
    </AccountForm>
  );
}

/** Keeps the target page when the user switches between signing in and signing up. */
export function withNext(path: string, next: string | undefined): string {
  return next === undefined ? path : `${path}?next=${encodeURIComponent(next)}`;
}
