import { CalendarDays, CircleUser, LogOut, Monitor, Moon, ShieldCheck, Sun, Users } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { useLocation } from 'preact-iso';
import { Avatar, ButtonLink, Menu, showToast } from '../design/index.ts';
import type { MenuItem } from '../design/index.ts';
import { text } from '../text/index.ts';
import { sentenceFor } from '../text/sentenceFor.ts';
import { languageItems, LanguageMenu } from './languageItems.tsx';
import { paths } from './paths.ts';
import { account, accountStore } from './services.ts';
import { SiteBanner, SupportLine } from './SiteBanner.tsx';
import { siteNotice } from './siteNotice.ts';
import { theme, themes } from './theme.ts';

/** Header, main part and skip link. The live room, the studio and the replay have their own layout. */
export function Shell({ children }: { children: ComponentChildren }) {
  return (
    <div class="shell">
      <a class="button button--primary shell__skip" href="#main">
        {text.shell.skip}
      </a>
      <header class="shell__head">
        <Brand />
        <nav class="shell__nav" aria-label={text.shell.accountMenu}>
          {account.value ? <ButtonLink variant="quiet" href={paths.courses}>{text.courses.title}</ButtonLink> : null}
          {account.value ? <ButtonLink variant="quiet" href={paths.library}>{text.library.title}</ButtonLink> : null}
          {account.value ? <AccountMenu /> : <SignedOutNav />}
        </nav>
      </header>
      <SiteBanner />
      <main id="main" class="shell__main" tabIndex={-1}>
        {children}
      </main>
      <SupportLine />
    </div>
  );
}

export function Brand() {
  return (
    <a class="brand" href={paths.home}>
      <img src="/icon.svg" alt="" width="26" height="26" />
      {siteNotice.value?.siteName ?? text.shell.product}
    </a>
  );
}

const themeIcons = { system: Monitor, light: Sun, dark: Moon } as const;

function themeItems(): MenuItem[] {
  return themes.map((choice) => {
    const Icon = themeIcons[choice];
    return {
      key: choice,
      label: text.shell.theme[choice],
      icon: <Icon aria-hidden="true" />,
      isChecked: theme.value === choice,
      onSelect: () => {
        theme.value = choice;
      },
    };
  });
}

/** Items with a line above them. */
const group = (items: MenuItem[]) => items.map((item, index) => ({ ...item, isGroupStart: index === 0 }));

function SignedOutNav() {
  const Icon = themeIcons[theme.value];
  return (
    <>
      <LanguageMenu />
      <Menu label={text.shell.theme.label} isIconOnly trigger={<Icon aria-hidden="true" />} items={themeItems()} head={text.shell.theme.label} />
      <ButtonLink variant="quiet" href={paths.signIn}>
        {text.shell.signIn}
      </ButtonLink>
    </>
  );
}

function AccountMenu() {
  const { route } = useLocation();
  const who = account.value;
  if (!who) return null;

  async function leave() {
    try {
      await accountStore.signOut();
      route(paths.home);
    } catch (error) {
      showToast({ text: sentenceFor(error), tone: 'danger' });
    }
  }

  const administration: MenuItem = { key: 'administration', label: text.shell.administration, icon: <Users aria-hidden="true" />, onSelect: () => route(paths.administration) };
  const items: MenuItem[] = [
    { key: 'calendar', label: text.shell.calendar, icon: <CalendarDays aria-hidden="true" />, onSelect: () => route(paths.calendar) },
    { key: 'profile', label: text.shell.profile, icon: <CircleUser aria-hidden="true" />, onSelect: () => route(paths.profile) },
    { key: 'security', label: text.security.title, icon: <ShieldCheck aria-hidden="true" />, onSelect: () => route(paths.security) },
    ...(who.roles.includes('admin') ? [administration] : []),
    ...group(themeItems()),
    ...group(languageItems()),
    { key: 'out', isGroupStart: true, label: text.shell.signOut, icon: <LogOut aria-hidden="true" />, onSelect: () => void leave() },
  ];
  return <Menu label={text.shell.accountMenu} isIconOnly trigger={<Avatar name={who.displayName} imageId={who.avatarId} />} items={items} head={who.email} />;
}
