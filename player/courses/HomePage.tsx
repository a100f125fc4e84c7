import { GraduationCap, Play, Plus } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { CourseSummary, Home } from '#api/contract';
import { may } from '#engine/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { paths } from '../app/paths.ts';
import { account, api, canTeach } from '../app/services.ts';
import { useLoaded, usePolling } from '../app/useLoaded.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { ForYou } from '../recommendations/ForYou.tsx';
import { Button, ButtonLink, EmptyState, SkeletonList } from '../design/index.ts';
import { formatClock } from '../text/format.ts';
import { text } from '../text/index.ts';
import './courses.css';
import { CourseCard } from './list/CourseCard.tsx';
import { JoinByCode } from './JoinByCode.tsx';
import { LectureRow } from './LectureRow.tsx';
import { NewCourseDialog } from './NewCourseDialog.tsx';

const refreshMs = 20_000;

/** Courses in each list of this page. The page of the courses has all of them. */
const shownCourses = 12;

async function loadHome(signal: AbortSignal) {
  const [home, mine, catalogue] = await Promise.all([
    api.getHome({}, { signal }),
    api.listCourses({ query: { limit: shownCourses } }, { signal }),
    api.listCatalogue({ query: { state: 'published', limit: shownCourses } }, { signal }),
  ]);
  return {
    home,
    courses: mine.courses,
    hasMore: mine.nextCursor !== null,
    catalogue: catalogue.courses.filter((course) => course.enrolmentPolicy !== 'closed' && course.enrolmentPolicy !== 'code' && course.role === null),
  };
}

/** Live lectures, upcoming lectures, recordings to continue, and the courses. */
export default function HomePage() {
  usePageTitle(text.home.title);
  const [isCreating, setCreating] = useState(false);
  const { data, error, reload } = useLoaded(loadHome, []);
  usePolling(reload, refreshMs);
  const canCreate = canTeach(account.value);

  if (!data) {
    return (
      <div class="page">
        <h1 class="unseen">{text.home.title}</h1>
        {error ? <LoadFailure error={error} onRetry={reload} /> : <SkeletonList rows={4} />}
      </div>
    );
  }
  return (
    <div class="page">
      <h1 class="unseen">{text.home.title}</h1>
      <LiveAndNext home={data.home} courses={data.courses} />
      <ContinueWatching watched={data.home.continueWatching} />
      <ForYou />
      <section class="section">
        <div class="section__head">
          <h2>{text.home.courses}</h2>
          <div class="row">
            {data.hasMore ? <a href={paths.courses}>{text.courses.all}</a> : null}
            {canCreate && data.courses.length > 0 ? (
              <Button onClick={() => setCreating(true)}>
                <Plus aria-hidden="true" size={20} />
                {text.home.createCourse}
              </Button>
            ) : null}
          </div>
        </div>
        {data.courses.length > 0 ? <CourseGrid courses={data.courses} /> : <NoCourses canCreate={canCreate} hasCatalogue={data.catalogue.length > 0} onCreate={() => setCreating(true)} />}
      </section>
      <JoinByCode />
      <Catalogue courses={data.catalogue} />
      {isCreating ? <NewCourseDialog onClose={() => setCreating(false)} /> : null}
    </div>
  );
}

function LiveAndNext({ home, courses }: { home: Home; courses: readonly CourseSummary[] }) {
  const roles = new Map(courses.map((course) => [course.id, course.role ?? undefined]));
  return (
    <>
      {home.live.length > 0 ? (
        <section class="section">
          <h2>{text.home.live}</h2>
          <ul class="stack">
            {home.live.map((lecture) => (
              <LectureRow
                key={lecture.id}
                lecture={lecture}
                actions={
                  may(roles.get(lecture.courseId), 'lecture.present') ? (
                    <ButtonLink variant="primary" href={paths.studio(lecture.id)}>
                      {text.home.present}
                    </ButtonLink>
                  ) : (
                    <ButtonLink variant="primary" href={paths.live(lecture.id)}>
                      {text.home.join}
                    </ButtonLink>
                  )
                }
              />
            ))}
          </ul>
        </section>
      ) : null}
      {home.next.length > 0 ? (
        <section class="section">
          <h2>{text.home.next}</h2>
          <ul class="list">
            {home.next.map((lecture) => (
              <LectureRow key={lecture.id} lecture={lecture} actions={<ButtonLink href={paths.course(lecture.courseId)}>{text.home.openCourse}</ButtonLink>} />
            ))}
          </ul>
        </section>
      ) : null}
    </>
  );
}

function ContinueWatching({ watched }: { watched: Home['continueWatching'] }) {
  if (watched.length === 0) return null;
  return (
    <section class="section">
      <h2>{text.home.continueWatching}</h2>
      <ul class="courses">
        {watched.map(({ video, progress }) => (
          <li key={video.id}>
            <a class="watched" href={paths.watch(video.id)}>
              <span class="watched__poster">
                {video.posterUrl ? <img src={video.posterUrl} alt="" loading="lazy" /> : <Play aria-hidden="true" size={32} />}
                <span class="watched__bar">
                  <span style={{ width: `${Math.min(100, (progress.positionSeconds / Math.max(video.durationSeconds, 1)) * 100)}%` }} />
                </span>
              </span>
              <span class="watched__title" dir="auto">{video.title}</span>
              <span class="small quiet tabular">
                <span dir="auto">{video.courseTitle}</span> · {text.home.resumeAt(formatClock(progress.positionSeconds * 1000))}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function CourseGrid({ courses }: { courses: readonly CourseSummary[] }) {
  return (
    <ul class="courses">
      {courses.map((course) => (
        <li key={course.id}>
          <CourseCard course={course} />
        </li>
      ))}
    </ul>
  );
}

function NoCourses({ canCreate, hasCatalogue, onCreate }: { canCreate: boolean; hasCatalogue: boolean; onCreate: () => void }) {
  const forStudents = hasCatalogue ? text.home.noCoursesCatalogue : text.home.noCourses;
  return (
    <EmptyState
      icon={<GraduationCap aria-hidden="true" />}
      title={text.home.noCoursesTitle}
      action={
        canCreate ? (
          <Button variant="primary" onClick={onCreate}>
            {text.home.createFirst}
          </Button>
        ) : null
      }
    >
      {canCreate ? text.home.noCoursesInstructor : forStudents}
    </EmptyState>
  );
}

function Catalogue({ courses }: { courses: Awaited<ReturnType<typeof loadHome>>['catalogue'] }) {
  if (courses.length === 0) return null;
  return (
    <section class="section">
      <div class="section__head">
        <h2>{text.home.catalogue}</h2>
        <a href={`${paths.courses}?view=catalogue`}>{text.courses.views.catalogue}</a>
      </div>
      <ul class="courses">
        {courses.map((course) => (
          <li key={course.id}>
            <CourseCard course={course} isCatalogue />
          </li>
        ))}
      </ul>
    </section>
  );
}
