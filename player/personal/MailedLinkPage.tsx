import type { ComponentChildren } from 'preact';
import { ButtonLink, Button, EmptyState, Notice } from '../design/index.ts';
import { paths } from '../app/paths.ts';
import type { Action } from '../app/useAction.ts';
import { text } from '../text/index.ts';

/** The token of a mailed link: in the fragment, which browsers send to no server. Read once, before anything changes the address. */
export function tokenInAddress(): string {
  return typeof location === 'undefined' ? '' : location.hash.slice(1);
}

interface MailedLinkPageProps {
  title: string;
  intro: string;
  actionLabel: string;
  token: string;
  action: Action<[]>;
}

/** A page that a mailed link opens. A button confirms: programs that follow links in mails press none. */
export function MailedLinkPage({ title, intro, actionLabel, token, action }: MailedLinkPageProps) {
  return (
    <div class="page page--narrow">
      <h1>{title}</h1>
      {token === '' ? (
        <Notice tone="warning">{text.personal.linkMissing}</Notice>
      ) : (
        <>
          <p class="quiet">{intro}</p>
          {action.problem ? <Notice tone="danger">{action.problem}</Notice> : null}
          <Button variant="primary" size="large" isWide isBusy={action.isBusy} onClick={() => action.run()}>
            {actionLabel}
          </Button>
        </>
      )}
    </div>
  );
}

/** What a mailed link has done, and where to go on. */
export function LinkDone({ title, isSignedIn, children }: { title: string; isSignedIn: boolean; children: ComponentChildren }) {
  const next = isSignedIn ? (
    <ButtonLink variant="primary" href={paths.profile}>
      {text.personal.toProfile}
    </ButtonLink>
  ) : (
    <ButtonLink variant="primary" href={paths.signIn}>
      {text.personal.toSignIn}
    </ButtonLink>
  );
  return (
    <EmptyState isPage title={title} action={next}>
      {children}
    </EmptyState>
  );
}
