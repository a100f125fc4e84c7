import { History, Presentation, Radio } from 'lucide-preact';
import { api } from '../app/services.ts';
import { absolute, paths } from '../app/paths.ts';
import { siteNotice } from '../app/siteNotice.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { ButtonLink, Notice } from '../design/index.ts';
import { text } from '../text/index.ts';
import './account.css';

/** The end of the link in the terminal. */
const tokenPart = '?token=…';

const featureIcons = [Radio, History, Presentation] as const;

/** The start page for signed-out users: what Lectern is, and how to sign in. */
export default function WelcomePage() {
  usePageTitle(undefined);
  const setup = useLoaded((signal) => api.getSetup({}, { signal }), []);
  if (setup.data?.isNeeded) {
    return (
      <div class="welcome">
        <h1>{text.account.setupNeededTitle}</h1>
        <p class="quiet">{text.account.setupNeeded}</p>
        <pre class="welcome__terminal">
          {text.account.setupNeededLines}
          {'\n'}
          {absolute(paths.setup)}{tokenPart}
        </pre>
        <p class="quiet">{text.account.setupNeededAfter}</p>
      </div>
    );
  }
  return (
    <div class="welcome welcome--open">
      <div class="welcome__in">
        <h1>{text.account.welcomeTitle}</h1>
        <p class="quiet">{text.account.welcome}</p>
        <div class="row">
          <ButtonLink variant="primary" size="large" href={paths.signIn}>
            {text.account.signIn}
          </ButtonLink>
          {siteNotice.value?.signup === 'closed' ? null : (
            <ButtonLink size="large" href={paths.signUp}>
              {text.account.signUp}
            </ButtonLink>
          )}
        </div>
        {setup.error ? <Notice tone="warning">{text.localErrors.unreachable}</Notice> : <p class="quiet">{text.account.welcomeNew}</p>}
      </div>
      <Features />
    </div>
  );
}

function Features() {
  return (
    <ul class="welcome__facts" aria-label={text.account.welcomeFeaturesTitle}>
      {text.account.welcomeFeatures.map((feature, index) => {
        const Icon = featureIcons[index] ?? Radio;
        return (
          <li key={feature.title}>
            <Icon aria-hidden="true" />
            <div>
              <h2>{feature.title}</h2>
              <p class="quiet">{feature.text}</p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
