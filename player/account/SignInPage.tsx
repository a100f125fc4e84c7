import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { TextField } from '../design/index.ts';
import { OtherWaysIn } from '../security/OtherWaysIn.tsx';
import { SecondStep } from '../security/SecondStep.tsx';
import { useLogin } from '../security/useLogin.ts';
import { text } from '../text/index.ts';
import { AccountForm } from './AccountForm.tsx';
import { PasswordField } from './PasswordField.tsx';

export default function SignInPage() {
  usePageTitle(text.account.signInTitle);
  const { query } = useLocation();
  const login = useLogin(query.next);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useAction(async () => {
    await login.attempt(() => api.login({ body: { email, password } }));
  });
  if (login.challenge) return <SecondStep login={login} />;
  return (
    <AccountForm
      title={text.account.signInTitle}
      submitLabel={text.account.signIn}
      action={signIn}
      after={
        <>
          <p>
            <a href={paths.forgotPassword}>{text.personal.forgot.link}</a>
          </p>
          <OtherWaysIn login={login} next={query.next} />
          <p>
            {text.account.noAccount} <a href={withNext(paths.signUp, query.next)}>{text.account.signUp}</a>
          </p>
        </>
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
