import { AdministratorsOnly } from '../app/AdministratorsOnly.tsx';
import { usePageTitle } from '../app/usePageTitle.ts';
import { useTabInUrl } from '../app/useTabInUrl.ts';
import { Tabs } from '../design/index.ts';
import { text } from '../text/index.ts';
import { JobsSection } from './JobsSection.tsx';
import { SiteCourses } from './SiteCourses.tsx';
import { SitePeople } from './SitePeople.tsx';
import { siteWebhooks } from '../webhooks/webhookApi.ts';
import { Webhooks } from '../webhooks/Webhooks.tsx';
import './account.css';

/** For administrators: the accounts and the courses of the site, and its background jobs. */
export default function AdministrationPage() {
  usePageTitle(text.admin.title);
  const tabs = [
    { key: 'people', label: text.admin.people, panel: <SitePeople /> },
    { key: 'courses', label: text.admin.courses, panel: <SiteCourses /> },
    { key: 'webhooks', label: text.webhooks.title, panel: <Webhooks webhooks={siteWebhooks} intro={text.webhooks.introSite} /> },
    { key: 'jobs', label: text.jobs.title, panel: <JobsSection /> },
  ];
  const [open, setOpen] = useTabInUrl(tabs.map(({ key }) => key));
  return (
    <AdministratorsOnly>
      <div class="page">
        <h1>{text.admin.title}</h1>
        <Tabs label={text.admin.title} tabs={tabs} selected={open ?? 'people'} onSelect={setOpen} />
      </div>
    </AdministratorsOnly>
  );
}
