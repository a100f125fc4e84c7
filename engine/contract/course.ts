import * as z from 'zod';

/**
 * `draft` → `published` ⇄ `archived`. Owner and assistants prepare a draft, which students do not see. An archived course is
 * read-only: its members replay its lectures, and nothing new starts.
 */
export const CourseState = z.enum(['draft', 'published', 'archived']);
export type CourseState = z.infer<typeof CourseState>;

/** The state, or `deleted`: nobody sees the course, and its owner or an administrator can restore it for some days. */
export type CourseCondition = CourseState | 'deleted';
