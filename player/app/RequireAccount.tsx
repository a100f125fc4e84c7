import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Button, EmptyState, Loading } from '../design/index.ts';
import { text } from '../text/index.ts';
import { paths } from './paths.ts';
import { accountStore } from './services.ts';

const retryMs = 3000;

/** Shows its children to signed-in users. Sends everyone else to the sign-in page and back. */
export function RequireAccount({ children }: { children: ComponentChildren }) {
  const { url, route } = useLocation();
  const { status } = accountStore.state.value;
  useEffect(() => {
    if (status === 'signedOut') route(`${paths.signIn}?next=${encodeURIComponent(url)}`, true);
  }, [status]);
  return status === 'signedIn' ? <>{children}</> : <AccountLoading />;
}

/** Shown until it is known whether a user is signed in. */
export function AccountLoading() {
  const { status } = accountStore.state.value;
  useEffect(() => {
    if (status !== 'unreachable') return;
    const timer = setInterval(() => void accountStore.refresh(), retryMs);
    return () => clearInterval(timer);
  }, [status]);
  if (status !== 'unreachable') return <Loading />;
  return (
    <EmptyState
      isPage
      title={text.shell.unreachableTitle}
      action={<Button onClick={() => void accountStore.refresh()}>{text.actions.tryAgain}</Button>}
    >
      {text.shell.unreachable}
    </EmptyState>
  );
}
