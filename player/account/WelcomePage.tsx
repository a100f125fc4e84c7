import { api } from '../app/services.ts';
import { paths } from '../app/paths.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { ButtonLink, Notice } from '../design/index.ts';
import { text } from '../text/index.ts';

/** For someone who is not signed in: what this is, and how to get in. */
export default function WelcomePage() {
  usePageTitle(undefined);
  const setup = useLoaded((signal) => api.getSetup({}, { signal }), []);
  if (setup.data?.isNeeded) {
    return (
      <div class="welcome">
        <h1>{text.account.setupNeededTitle}</h1>
        <p class="quiet">{text.account.setupNeeded}</p>
      </div>
    );
  }
  return (
    <div class="welcome">
      <h1>{text.account.welcomeTitle}</h1>
      <p class="quiet">{text.account.welcome}</p>
      <div class="row">
        <ButtonLink variant="primary" size="large" href={paths.signIn}>
          {text.account.signIn}
        </ButtonLink>
        <ButtonLink size="large" href={paths.signUp}>
          {text.account.signUp}
        </ButtonLink>
      </div>
      {setup.error ? <Notice tone="warning">{text.localErrors.unreachable}</Notice> : <p class="quiet">{text.account.welcomeNew}</p>}
    </div>
  );
}
