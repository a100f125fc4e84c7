import type { ComponentChildren } from 'preact';
import type { CourseDetail } from '#api/contract';
import { paths } from '../../app/paths.ts';
import { formatDays, languageName } from '../../text/format.ts';
import { text } from '../../text/index.ts';
import '../list/list.css';
import './frame.css';

/** The instructor, the term and what else is set in a course. */
export function CourseFacts({ course }: { course: CourseDetail }) {
  const { term, language, category, tags } = course;
  return (
    <section class="section" aria-label={text.courses.facts}>
      <dl class="facts">
        <Fact label={text.courses.instructor}>
          <span dir="auto">{course.ownerName}</span>
        </Fact>
        {term ? <Fact label={text.courses.term}>{formatDays(term.startsOn, term.endsOn)}</Fact> : null}
        <Fact label={text.courses.timeZone}>{course.timeZone.replaceAll('_', ' ')}</Fact>
        {language ? <Fact label={text.courses.language}>{languageName(language)}</Fact> : null}
        {category ? (
          <Fact label={text.courses.category}>
            <a href={`${paths.courses}?view=catalogue&categoryId=${category.id}`} dir="auto">
              {category.name}
            </a>
          </Fact>
        ) : null}
        {tags.length > 0 ? (
          <Fact label={text.courses.tags}>
            <span class="course-card__tags">
              {tags.map((tag) => (
                <a key={tag} class="tag" dir="auto" href={`${paths.courses}?view=catalogue&tag=${encodeURIComponent(tag)}`}>
                  {tag}
                </a>
              ))}
            </span>
          </Fact>
        ) : null}
      </dl>
    </section>
  );
}

function Fact({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div class="facts__fact">
      <dt class="small quiet">{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
