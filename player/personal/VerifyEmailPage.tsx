import { useState } from 'preact/hooks';
import { account, accountStore, api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { text } from '../text/index.ts';
import { LinkDone, MailedLinkPage, tokenInAddress } from './MailedLinkPage.tsx';

/** Opened with the link that is mailed after signing up. */
export default function VerifyEmailPage() {
  const words = text.personal.verify;
  usePageTitle(words.title);
  const [token] = useState(tokenInAddress);
  const [email, setEmail] = useState<string>();
  const verify = useAction(async () => {
    const verified = await api.verifyEmail({ body: { token } });
    setEmail(verified.email);
    const who = account.value;
    if (who?.email === verified.email) accountStore.replaceAccount({ ...who, isEmailVerified: true });
  });
  if (email !== undefined) return <LinkDone title={words.doneTitle} isSignedIn={account.value !== undefined}>{words.done(email)}</LinkDone>;
  return <MailedLinkPage title={words.title} intro={words.intro} actionLabel={words.action} token={token} action={verify} />;
}
