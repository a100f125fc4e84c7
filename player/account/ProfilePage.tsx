import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Login } from '#api/contract';
import { ActionForm } from '../app/ActionForm.tsx';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { account, accountStore, api } from '../app/services.ts';
import { useAction, useToastedAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { Badge, Button, showToast, SkeletonList, TextField } from '../design/index.ts';
import { PictureField } from '../profile/PictureField.tsx';
import '../profile/profile.css';
import { RegionFields } from '../profile/RegionFields.tsx';
import { formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';
import { AccessTokens } from '../tokens/AccessTokens.tsx';
import './account.css';
import { PasswordField } from './PasswordField.tsx';

export default function ProfilePage() {
  usePageTitle(text.account.profileTitle);
  return (
    <div class="page profile">
      <h1>{text.account.profileTitle}</h1>
      <Part title={text.profile.personTitle}>
        <PictureField />
        <NameForm />
      </Part>
      <Part title={text.profile.regionTitle}>
        <RegionFields />
      </Part>
      <Part title={text.account.passwordTitle}>
        <PasswordForm />
      </Part>
      <Part title={text.account.loginsTitle}>
        <Logins />
      </Part>
      <Part title={text.tokens.title}>
        <AccessTokens />
      </Part>
    </div>
  );
}

/** A part of the page: its heading is beside it, or above it on a phone. */
function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="profile__part">
      <h2>{title}</h2>
      <div class="profile__fields">{children}</div>
    </section>
  );
}

function NameForm() {
  const who = account.value;
  const [displayName, setDisplayName] = useState(who?.displayName ?? '');
  const save = useAction(async () => {
    accountStore.replaceAccount(await api.updateProfile({ body: { displayName } }));
    showToast({ text: text.account.saved });
  });
  return (
    <ActionForm action={save}>
      <TextField
        label={text.account.name}
        hint={text.account.nameHint}
        autocomplete="name"
        value={displayName}
        error={save.fieldProblem('displayName')}
        onValue={setDisplayName}
      />
      <div class="row">
        <Button type="submit" variant="primary" isBusy={save.isBusy} disabled={displayName === who?.displayName}>
          {text.account.save}
        </Button>
      </div>
    </ActionForm>
  );
}

function PasswordForm() {
  const [currentPassword, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const change = useAction(async () => {
    await api.updateProfile({ body: { currentPassword, password } });
    setCurrent('');
    setPassword('');
    showToast({ text: text.account.passwordChanged });
  });
  return (
    <ActionForm action={change}>
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

function Logins() {
  const { data, error, reload } = useLoaded((signal) => api.listLogins({}, { signal }), []);
  const end = useToastedAction(async (login: Login) => {
    await api.endLogin({ params: { loginId: login.id } });
    showToast({ text: text.account.loginEnded });
    reload();
  });
  return (
    <>
      {error ? <LoadFailure error={error} onRetry={reload} /> : null}
      {data ? null : <SkeletonList rows={2} />}
      <ul class="stack-tight">
        {data?.logins.map((login) => (
          <li key={login.id} class="login">
            <div class="grow">
              <div>{deviceOf(login.userAgent)}</div>
              <div class="small quiet">
                {text.account.lastUsed(formatDateTime(login.lastUsedAt))} · {login.address}
              </div>
            </div>
            {login.isCurrent ? (
              <Badge tone="good">{text.account.thisDevice}</Badge>
            ) : (
              <Button isBusy={end.isBusy} onClick={() => end.run(login)}>
                {text.account.endLogin}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

/** `Firefox, Linux` from a user agent string; the string itself if it names neither. */
function deviceOf(userAgent: string): string {
  const browser = /(Edg|OPR|Firefox|Chrome|Safari)\//.exec(userAgent)?.[1];
  const system = /(Android|iPhone|iPad|Windows|Mac OS X|CrOS|Linux)/.exec(userAgent)?.[1];
  const names: Record<string, string> = { Edg: 'Edge', OPR: 'Opera', 'Mac OS X': 'macOS', CrOS: 'ChromeOS' };
  const known = [browser, system].filter((part) => part !== undefined).map((part) => names[part] ?? part);
  return known.length > 0 ? known.join(', ') : userAgent;
}
