import { KeyRound, LogIn } from 'lucide-preact';
import type { SignInProvider } from '#api/contract';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Button, Notice } from '../design/index.ts';
import { text } from '../text/index.ts';
import { askForPasskey, canUsePasskeys } from './passkeys.ts';
import { depart } from './providerDeparture.ts';
import './security.css';
import type { Login } from './useLogin.ts';

/** The ways to sign in without a password: the providers of this site, and passkeys. */
export function OtherWaysIn({ login, next, hasPasskeys = true }: { login: Login; next: string | undefined; hasPasskeys?: boolean }) {
  // Without the list, the password still works.
  const { data } = useLoaded((signal) => api.listProviders({}, { signal }), []);
  const withPasskey = useAction(async () => {
    await login.attempt(async () => api.loginWithPasskey({ body: await askForPasskey() }));
  });
  const withProvider = useAction(async ({ id }: SignInProvider) => {
    const { url, token } = await api.startProviderLogin({ params: { providerId: id } });
    depart({ providerId: id, purpose: 'login', token, next }, url);
  });
  const providers = data?.providers ?? [];
  const canAskForPasskey = canUsePasskeys && hasPasskeys;
  if (providers.length === 0 && !canAskForPasskey) return null;
  const problem = withPasskey.problem ?? withProvider.problem;
  return (
    <div class="stack-tight">
      <p class="ways__or quiet small">{text.security.or}</p>
      {problem ? <Notice tone="danger">{problem}</Notice> : null}
      {providers.map((provider) => (
        <Button key={provider.id} size="large" isWide isBusy={withProvider.isBusy} onClick={() => withProvider.run(provider)}>
          <LogIn aria-hidden="true" />
          {text.security.signInWith(provider.name)}
        </Button>
      ))}
      {canAskForPasskey ? (
        <Button size="large" isWide isBusy={withPasskey.isBusy} onClick={() => withPasskey.run()}>
          <KeyRound aria-hidden="true" />
          {text.security.signInWithPasskey}
        </Button>
      ) : null}
    </div>
  );
}
