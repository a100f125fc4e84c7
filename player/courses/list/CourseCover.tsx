import type { Course } from '#api/contract';

const hues = 24;

/** The cover of a course: a calm surface with the first letter of its title, whose colour stays the same. */
export function CourseCover({ course: { id, title } }: { course: Pick<Course, 'id' | 'title'> }) {
  const sum = [...id].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  return (
    <span class="course-cover" style={{ '--cover-hue': String(((sum % hues) * 360) / hues) }} aria-hidden="true">
      {[...title][0]?.toUpperCase()}
    </span>
  );
}
