import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { CodedError } from '#engine/contract';
import { paths } from '../app/paths.ts';
import { accountStore, api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { ButtonLink, Loading, Notice, showToast } from '../design/index.ts';
import { text } from '../text/index.ts';
import { takeDeparture } from './providerDeparture.ts';
import type { Departure } from './providerDeparture.ts';
import { SecondStep } from './SecondStep.tsx';
import { useLogin } from './useLogin.ts';

/** Where a provider returns to. The code in the address is of use only with what this tab has kept, and only once. */
export default function ProviderReturnPage({ providerId }: { providerId: string }) {
  usePageTitle(text.account.signInTitle);
  const { route } = useLocation();
  const [departure] = useState(() => takeReturn(providerId));
  const login = useLogin(departure.kept?.next);
  const isLink = departure.kept?.purpose === 'link';
  const finish = useAction(async () => {
    const { kept, parameters } = departure;
    if (!kept) throw new CodedError('provider.refused', text.security.lostReturn);
    const request = { params: { providerId }, body: { token: kept.token, parameters } };
    // The refresh that every page begins with must not end after this login.
    await accountStore.refresh();
    if (kept.purpose === 'login') {
      const signedIn = await login.attempt(() => api.finishProviderLogin(request));
      if (signedIn?.isPasswordRemoved) showToast({ text: text.security.passwordRemoved });
      return;
    }
    const { providerName } = await api.finishLink(request);
    showToast({ text: text.security.linked(providerName) });
    route(paths.security, true);
  });
  useEffect(() => finish.run(), []);
  if (login.challenge) return <SecondStep login={login} />;
  if (!finish.problem) return <Loading label={text.security.signingIn} />;
  return (
    <div class="page page--narrow">
      <h1>{isLink ? text.security.linkFailed : text.security.returnFailed}</h1>
      <Notice tone="danger">{finish.problem}</Notice>
      <div class="row">
        <ButtonLink variant="primary" href={isLink ? paths.security : paths.signIn}>
          {isLink ? text.security.title : text.security.signInAgain}
        </ButtonLink>
      </div>
    </div>
  );
}

interface Return {
  kept: Departure | undefined;
  parameters: Record<string, string>;
}

/** What the tab has kept, and what the provider has added to the address, which is then cleaned. */
function takeReturn(providerId: string): Return {
  const parameters = Object.fromEntries(new URLSearchParams(location.search));
  history.replaceState(history.state, '', location.pathname);
  return { kept: takeDeparture(providerId), parameters };
}
