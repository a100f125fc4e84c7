import { useState } from 'preact/hooks';
import { imagePath } from '#api/contract';
import type { Course } from '#api/contract';
import type { ImageId } from '#engine/contract';
import { courseHue } from '../courseHue.ts';
import './list.css';

/** The cover of a course; without one, and until it is loaded, the first letter of its title on a colour of the course. */
export function CourseCover({ course: { id, title, coverId }, isLarge = false }: { course: Pick<Course, 'id' | 'title' | 'coverId'>; isLarge?: boolean }) {
  const [failedId, setFailed] = useState<ImageId>();
  const isShown = coverId !== null && coverId !== failedId;
  return (
    <span class="course-cover" style={{ '--cover-hue': String(courseHue(id)) }} data-letter={[...title][0]?.toUpperCase()} aria-hidden="true">
      {isShown ? <img key={coverId} src={imagePath(coverId, isLarge ? 'large' : 'small')} alt="" loading="lazy" decoding="async" onError={() => setFailed(coverId)} /> : null}
    </span>
  );
}
