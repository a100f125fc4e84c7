import { Plus, Shapes, Trash2 } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { paths } from '../../app/paths.ts';
import { account, canTeach } from '../../app/services.ts';
import { usePageTitle } from '../../app/usePageTitle.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Button, ButtonLink, Tabs } from '../../design/index.ts';
import { text } from '../../text/index.ts';
import '../courses.css';
import { NewCourseDialog } from '../NewCourseDialog.tsx';
import { CourseList } from './CourseList.tsx';
import { viewKeys } from './courseView.ts';
import './list.css';

/** The courses of a person, and those that anyone can join, with a search and filters. */
export default function CoursesPage() {
  usePageTitle(text.courses.title);
  const [view, setView] = useQuery(viewKeys);
  const [isCreating, setCreating] = useState(false);
  const canCreate = canTeach(account.value);
  const openTab = view.view === 'catalogue' ? 'catalogue' : 'mine';
  const list = (which: 'mine' | 'catalogue') =>
    which === openTab ? <CourseList which={which} view={view} onView={setView} onCreate={canCreate ? () => setCreating(true) : undefined} /> : null;
  return (
    <div class="page">
      <div class="section__head">
        <h1>{text.courses.title}</h1>
        <div class="row">
          {account.value?.roles.includes('admin') ? (
            <HeadLink href={paths.categories} label={text.categories.title}>
              <Shapes aria-hidden="true" size={20} />
            </HeadLink>
          ) : null}
          {canCreate ? (
            <>
              <HeadLink href={paths.courseTrash} label={text.courses.trash}>
                <Trash2 aria-hidden="true" size={20} />
              </HeadLink>
              <Button variant="primary" onClick={() => setCreating(true)}>
                <Plus aria-hidden="true" size={20} />
                {text.home.createCourse}
              </Button>
            </>
          ) : null}
        </div>
      </div>
      <Tabs
        label={text.courses.views.label}
        selected={openTab}
        onSelect={(key) => setView({ view: key === 'mine' ? '' : key, state: '', as: '', order: '' })}
        tabs={[
          { key: 'mine', label: text.courses.views.mine, panel: list('mine') },
          { key: 'catalogue', label: text.courses.views.catalogue, panel: list('catalogue') },
        ]}
      />
      {isCreating ? <NewCourseDialog onClose={() => setCreating(false)} /> : null}
    </div>
  );
}

/** A link of which only the icon is shown where there is little room. */
function HeadLink({ href, label, children }: { href: string; label: string; children: ComponentChildren }) {
  return (
    <ButtonLink variant="quiet" class="courses-head__link" href={href} aria-label={label}>
      {children}
      <span class="label">{label}</span>
    </ButtonLink>
  );
}
