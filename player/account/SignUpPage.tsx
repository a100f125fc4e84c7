import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { ownPreferences } from '../app/language.ts';
import { paths, safeNext } from '../app/paths.ts';
import { accountStore, api } from '../app/services.ts';
import { siteNotice } from '../app/siteNotice.ts';
import { useAction } from '../app/useAction.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { ButtonLink, EmptyState } from '../design/index.ts';
import { OtherWaysIn } from '../security/OtherWaysIn.tsx';
import { SecondStep } from '../security/SecondStep.tsx';
import { useLogin } from '../security/useLogin.ts';
import { text } from '../text/index.ts';
import { AccountForm } from './AccountForm.tsx';
import { emptyAccount, NewAccountFields } from './NewAccountFields.tsx';
import { withNext } from './SignInPage.tsx';

export default function SignUpPage() {
  usePageTitle(text.account.signUpTitle);
  const { query, route } = useLocation();
  const login = useLogin(query.next);
  const [form, setForm] = useState(emptyAccount);
  const site = siteNotice.value;
  const signUp = useAction(async () => {
    accountStore.accept(await api.signup({ body: { ...form, ...ownPreferences() } }));
    route(safeNext(query.next), true);
  });
  if (login.challenge) return <SecondStep login={login} />;
  if (site?.signup === 'closed') {
    return (
      <EmptyState isPage title={text.administration.notice.signUpClosed} action={<ButtonLink variant="primary" href={withNext(paths.signIn, query.next)}>{text.account.signIn}</ButtonLink>} />
    );
  }
  return (
    <AccountForm
      title={text.account.signUpTitle}
      submitLabel={text.account.signUp}
      action={signUp}
      after={
        <>
          <OtherWaysIn login={login} next={query.next} hasPasskeys={false} />
          <p>
            {text.account.haveAccount} <a href={withNext(paths.signIn, query.next)}>{text.account.signIn}</a>
          </p>
        </>
      }
    >
      {site?.signup === 'domains' ? <p class="quiet">{text.administration.notice.signUpDomains(site.signupDomains.map((name) => `@${name}`).join(', '))}</p> : null}
      <NewAccountFields value={form} action={signUp} onValue={setForm} />
    </AccountForm>
  );
}
