import { paths } from '../app/paths.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { ButtonLink, EmptyState } from '../design/index.ts';
import { text } from '../text/index.ts';

/** Shown after somebody has deleted their account. */
export default function AccountDeactivatedPage() {
  const words = text.personal.remove;
  usePageTitle(words.doneTitle);
  return (
    <EmptyState isPage title={words.doneTitle} action={<ButtonLink href={paths.signIn}>{text.personal.toSignIn}</ButtonLink>}>
      {words.done}
    </EmptyState>
  );
}
