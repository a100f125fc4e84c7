import type { CatalogueCourse, CourseSummary } from '#api/contract';
import { paths } from '../../app/paths.ts';
import { Badge, Skeleton } from '../../design/index.ts';
import { formatDateTime } from '../../text/format.ts';
import { text } from '../../text/index.ts';
import { CourseCover } from './CourseCover.tsx';
import './list.css';

type Listed = CourseSummary | CatalogueCourse;

/** Tags on a card: one line. */
const maxShownTags = 3;

/** A course in a list. */
export function CourseCard({ course, isCatalogue = false }: { course: Listed; isCatalogue?: boolean }) {
  return (
    <a class="course-card" href={paths.course(course.id)}>
      <CourseCover course={course} />
      <span class="course-card__body">
        <span class="course-card__title" dir="auto">
          {course.title}
        </span>
        <span class="small quiet">{text.home.by(course.ownerName)}</span>
        {isCatalogue && course.excerpt ? (
          <span class="course-card__excerpt small" dir="auto">
            {course.excerpt}
          </span>
        ) : null}
        {course.tags.length > 0 ? (
          <span class="course-card__tags">
            {course.tags.slice(0, maxShownTags).map((tag) => (
              <span key={tag} class="tag" dir="auto">
                {tag}
              </span>
            ))}
          </span>
        ) : null}
        <span class="course-card__foot tabular">
          <Foot course={course} isCatalogue={isCatalogue} />
        </span>
      </span>
    </a>
  );
}

function Foot({ course, isCatalogue }: { course: Listed; isCatalogue: boolean }) {
  return (
    <>
      {course.state === 'published' ? null : <Badge tone={course.state === 'draft' ? 'warning' : 'normal'}>{text.courses.states[course.state]}</Badge>}
      {course.liveLecture ? (
        <Badge tone="live" hasDot>
          {text.home.liveNow}
        </Badge>
      ) : null}
      {isCatalogue ? <CatalogueFacts course={course} /> : <span>{nextOf(course)}</span>}
    </>
  );
}

function CatalogueFacts({ course: { category, role } }: { course: Listed }) {
  return (
    <>
      {category ? <span dir="auto">{category.name}</span> : null}
      {role ? <Badge tone="good">{text.courses.isMember}</Badge> : null}
    </>
  );
}

/** When a course goes on, unless it is live or over. */
function nextOf(course: Listed): string | null {
  const next = 'nextLecture' in course ? course.nextLecture : null;
  if (course.liveLecture) return null;
  if (next?.scheduledAt) return text.home.startsAt(formatDateTime(next.scheduledAt));
  return course.state === 'published' && !next ? text.home.noNext : null;
}

/** The places of cards that are loading. */
export function CourseCardSkeletons({ count = 6 }: { count?: number }) {
  return (
    <ul class="courses" role="status">
      <li class="unseen">{text.states.loading}</li>
      {Array.from({ length: count }, (_, index) => (
        <li key={index}>
          <Skeleton height="15rem" radius="var(--radius-large)" />
        </li>
      ))}
    </ul>
  );
}
