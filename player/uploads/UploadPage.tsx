import { CloudUpload } from 'lucide-preact';
import { useEffect } from 'preact/hooks';
import type { CourseSummary } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { paths } from '../app/paths.ts';
import { account, api } from '../app/services.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { useQuery } from '../app/useQuery.ts';
import { Button, ButtonLink, EmptyState, Loading, Select, SkeletonList } from '../design/index.ts';
import { text } from '../text/index.ts';
import { Announcer } from './UploadDock.tsx';
import { UploadLists } from './UploadLists.tsx';
import { isActive } from './uploadItem.ts';
import { uploads } from './uploads.ts';
import type { Uploads } from './uploads.ts';
import { UploadZone } from './UploadZone.tsx';
import { isOngoing } from './workEntry.ts';

/** Courses to choose from. A person who teaches more finds the others on their pages. */
const maxCourses = 50;

/** Files are dropped or chosen for a course, and everything that is uploaded or processed is listed. */
export default function UploadPage() {
  usePageTitle(text.uploads.title);
  const [query, setQuery] = useQuery(['course']);
  const { data, error, reload } = useLoaded((signal) => api.listCourses({ query: { as: 'teacher', limit: maxCourses } }, { signal }), [account.value?.id]);
  useEffect(() => uploads.value?.restore(), [uploads.value]);
  return (
    <div class="page">
      <div class="section__head">
        <h1>{text.uploads.title}</h1>
      </div>
      {data ? <Target courses={data.courses} chosen={query.course} onCourse={(course) => setQuery({ course })} /> : <Pending error={error} onRetry={reload} />}
      {uploads.value ? <Queue uploads={uploads.value} /> : <Loading />}
    </div>
  );
}

function Pending({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return error ? <LoadFailure error={error} onRetry={onRetry} /> : <SkeletonList rows={1} height="14rem" />;
}

function Target({ courses: all, chosen, onCourse }: { courses: readonly CourseSummary[]; chosen: string; onCourse: (courseId: string) => void }) {
  const courses = all.filter(({ state }) => state !== 'archived');
  const courseId = (courses.find(({ id }) => id === chosen) ?? courses[0])?.id;
  if (courseId === undefined) {
    return (
      <EmptyState icon={<CloudUpload aria-hidden="true" />} title={text.uploads.noCourseTitle} action={<ButtonLink href={paths.courses}>{text.courses.title}</ButtonLink>}>
        {text.uploads.noCourse}
      </EmptyState>
    );
  }
  return (
    <section class="section" aria-label={text.uploads.upload}>
      <div class="narrow">
        <Select
          label={text.uploads.chooseCourse}
          hint={text.uploads.chooseCourseHint}
          value={courseId}
          choices={courses.map(({ id, title }) => ({ value: id, label: title }))}
          onValue={onCourse}
        />
      </div>
      <UploadZone courseId={courseId} />
    </section>
  );
}

function Queue({ uploads: mine }: { uploads: Uploads }) {
  const { queue, watch } = mine;
  const items = queue.items.value;
  const works = watch.entries.value;
  const active = items.filter(isActive);
  const paused = items.filter(({ stage }) => stage.kind === 'paused');
  if (items.length === 0 && works.length === 0) return <EmptyState title={text.uploads.nothingTitle}>{text.uploads.nothing}</EmptyState>;
  return (
    <section class="section">
      <Announcer uploads={mine} />
      <div class="section__head">
        <h2>{text.uploads.list}</h2>
        <div class="row">
          {active.length > 1 ? <Button onClick={() => active.forEach(({ key }) => queue.pause(key))}>{text.uploads.pauseAll}</Button> : null}
          {paused.length > 1 ? <Button onClick={() => paused.forEach(({ key }) => queue.resume(key))}>{text.uploads.resumeAll}</Button> : null}
          {works.some((entry) => !isOngoing(entry)) ? <Button onClick={() => watch.dismissEnded()}>{text.uploads.clearEnded}</Button> : null}
        </div>
      </div>
      <UploadLists uploads={mine} canRename />
    </section>
  );
}
