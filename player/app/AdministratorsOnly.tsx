import { Lock } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { ButtonLink, EmptyState } from '../design/index.ts';
import { text } from '../text/index.ts';
import { paths } from './paths.ts';
import { account } from './services.ts';

/** Shows its children to administrators, and tells everyone else whom the page is for. */
export function AdministratorsOnly({ children }: { children: ComponentChildren }) {
  if (account.value?.roles.includes('admin')) return <>{children}</>;
  return (
    <EmptyState isPage icon={<Lock aria-hidden="true" />} title={text.admin.forbiddenTitle} action={<ButtonLink href={paths.home}>{text.shell.toHome}</ButtonLink>}>
      {text.admin.forbidden}
    </EmptyState>
  );
}
