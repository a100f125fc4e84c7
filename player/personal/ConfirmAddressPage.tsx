import { useState } from 'preact/hooks';
import { account, accountStore, api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { text } from '../text/index.ts';
import { LinkDone, MailedLinkPage, tokenInAddress } from './MailedLinkPage.tsx';

/** Opened with one of the two links of a change of address. */
export default function ConfirmAddressPage() {
  const words = text.personal.confirm;
  usePageTitle(words.title);
  const [token] = useState(tokenInAddress);
  const [result, setResult] = useState<'half' | 'done'>();
  const confirm = useAction(async () => {
    const { isComplete } = await api.confirmEmailChange({ body: { token } });
    setResult(isComplete ? 'done' : 'half');
    if (isComplete && account.value) accountStore.replaceAccount(await api.getProfile());
  });
  const isSignedIn = account.value !== undefined;
  if (result === 'done') return <LinkDone title={words.doneTitle} isSignedIn={isSignedIn}>{words.done}</LinkDone>;
  if (result === 'half') return <LinkDone title={words.halfTitle} isSignedIn={isSignedIn}>{words.half}</LinkDone>;
  return <MailedLinkPage title={words.title} intro={words.intro} actionLabel={words.action} token={token} action={confirm} />;
}
