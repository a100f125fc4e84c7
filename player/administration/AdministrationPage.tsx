import { BookOpen, Database, History, LayoutDashboard, ListChecks, Radio, Server, Settings, Users } from 'lucide-preact';
import type { ComponentType } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { AdministratorsOnly } from '../app/AdministratorsOnly.tsx';
import { paths } from '../app/paths.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { text } from '../text/index.ts';
import { JobsSection } from '../account/JobsSection.tsx';
import { ServerSection } from '../operation/ServerSection.tsx';
import { AuditSection } from './AuditSection.tsx';
import { CoursesSection } from './CoursesSection.tsx';
import { LiveSection } from './LiveSection.tsx';
import { OverviewSection } from './OverviewSection.tsx';
import { PeopleSection } from './PeopleSection.tsx';
import { PersonSection } from './PersonSection.tsx';
import { SettingsSection } from './SettingsSection.tsx';
import { StorageSection } from './StorageSection.tsx';
import './administration.css';

type SectionKey = keyof typeof text.administration.sections;

const sections: Record<SectionKey, { icon: typeof BookOpen; panel: ComponentType }> = {
  overview: { icon: LayoutDashboard, panel: OverviewSection },
  people: { icon: Users, panel: PeopleSection },
  courses: { icon: BookOpen, panel: CoursesSection },
  live: { icon: Radio, panel: LiveSection },
  storage: { icon: Database, panel: StorageSection },
  settings: { icon: Settings, panel: SettingsSection },
  audit: { icon: History, panel: AuditSection },
  jobs: { icon: ListChecks, panel: JobsSection },
  server: { icon: Server, panel: ServerSection },
};

const isSection = (name: string | undefined): name is SectionKey => name !== undefined && name in sections;

/** For administrators: the site, in sections with a menu beside them, or above them on a phone. */
export default function AdministrationPage({ section, itemId }: { section?: string | undefined; itemId?: string | undefined }) {
  const open = isSection(section) ? section : 'overview';
  usePageTitle(text.administration.sections[open]);
  const { panel: Panel } = sections[open];
  return (
    <AdministratorsOnly>
      <div class="page administration">
        <nav class="administration__nav" aria-label={text.administration.navigation}>
          {(Object.keys(sections) as SectionKey[]).map((key) => (
            <SectionLink key={key} section={key} isOpen={key === open} />
          ))}
        </nav>
        <div class="administration__main">
          {open === 'people' && itemId !== undefined ? (
            <PersonSection key={itemId} userId={itemId} />
          ) : (
            <>
              <h1>{text.administration.sections[open]}</h1>
              <Panel />
            </>
          )}
        </div>
      </div>
    </AdministratorsOnly>
  );
}

function SectionLink({ section, isOpen }: { section: SectionKey; isOpen: boolean }) {
  const { icon: Icon } = sections[section];
  const link = useRef<HTMLAnchorElement>(null);
  // On a phone the menu scrolls.
  useEffect(() => {
    if (isOpen) link.current?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [isOpen]);
  return (
    <a ref={link} class="administration__link" href={paths.administrationSection(section)} aria-current={isOpen ? 'page' : undefined}>
      <Icon aria-hidden="true" />
      {text.administration.sections[section]}
    </a>
  );
}
