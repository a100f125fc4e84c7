import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { ownPreferences } from '../app/language.ts';
import { paths } from '../app/paths.ts';
import { accountStore, api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { Notice } from '../design/index.ts';
import { text } from '../text/index.ts';
import { AccountForm } from './AccountForm.tsx';
import { emptyAccount, NewAccountFields } from './NewAccountFields.tsx';

/** Creates the first account. Opened with the one-time link that the server prints at start. */
export default function SetupPage() {
  usePageTitle(text.account.setupTitle);
  const { query, route } = useLocation();
  const [form, setForm] = useState(emptyAccount);
  const token = query.token ?? '';
  const setup = useAction(async () => {
    accountStore.accept(await api.completeSetup({ body: { ...form, ...ownPreferences(), token } }));
    route(paths.home, true);
  });
  if (token === '') {
    return (
      <div class="page page--narrow">
        <h1>{text.account.setupTitle}</h1>
        <Notice tone="warning">{text.account.setupNoToken}</Notice>
      </div>
    );
  }
  return (
    <AccountForm title={text.account.setupTitle} intro={text.account.setup} submitLabel={text.account.setupDo} action={setup}>
      <NewAccountFields value={form} action={setup} onValue={setForm} />
    </AccountForm>
  );
}
