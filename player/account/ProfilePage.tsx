import { useState } from 'preact/hooks';
import { ActionForm } from '../app/ActionForm.tsx';
import { account, accountStore, api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { Button, showToast, TextField } from '../design/index.ts';
import { text } from '../text/index.ts';
import './account.css';

export default function ProfilePage() {
  usePageTitle(text.account.profileTitle);
  return (
    <div class="page page--narrow">
      <h1>{text.account.profileTitle}</h1>
      <NameForm />
    </div>
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
