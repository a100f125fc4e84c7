import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { ActionForm } from '../app/ActionForm.tsx';
import { paths } from '../app/paths.ts';
import { account, accountStore, api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { Button, ButtonLink, showToast, TextField } from '../design/index.ts';
import { DataFields } from '../personal/DataFields.tsx';
import { EmailFields } from '../personal/EmailFields.tsx';
import { PictureField } from '../profile/PictureField.tsx';
import '../profile/profile.css';
import { RegionFields } from '../profile/RegionFields.tsx';
import { text } from '../text/index.ts';
import { AccessTokens } from '../tokens/AccessTokens.tsx';
import './account.css';

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
      <Part title={text.personal.email.title}>
        <EmailFields />
      </Part>
      <Part title={text.security.title}>
        <p class="quiet">{text.security.profileHint}</p>
        <div class="row">
          <ButtonLink href={paths.security}>{text.security.open}</ButtonLink>
        </div>
      </Part>
      <Part title={text.tokens.title}>
        <AccessTokens />
      </Part>
      <Part title={text.personal.data.title}>
        <DataFields />
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
