import { api } from '../app/services.ts';
import { Badge } from '../design/index.ts';
import { text } from '../text/index.ts';
import { ListOfPeople, PersonRow } from './ListOfPeople.tsx';
import { usePages } from './usePages.ts';

/** The people of a course, as its members see them: names and pictures. */
export function Classmates({ courseId }: { courseId: string }) {
  const pages = usePages(
    async (cursor, signal) => {
      const { people: rows, nextCursor } = await api.listClassmates({ params: { courseId }, query: cursor ? { cursor } : {} }, { signal });
      return { rows, nextCursor };
    },
    [courseId],
  );
  return (
    <section class="course-body">
      <ListOfPeople pages={pages} emptyText={text.enrolment.nobodyFound}>
        {(who, index) => (
          <PersonRow key={index} name={who.displayName} imageId={who.avatarId}>
            {who.isYou ? <Badge>{text.enrolment.you}</Badge> : null}
            {who.role === 'student' ? null : <Badge tone="good">{text.course.roles[who.role]}</Badge>}
          </PersonRow>
        )}
      </ListOfPeople>
    </section>
  );
}
