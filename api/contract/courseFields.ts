import * as z from 'zod';
import { CategoryId, cleanLine } from '#engine/contract';
import { maxDescriptionLength, maxTagLength, maxTags, maxTitleLength } from './limits.ts';
import { TimeZone } from './preferences.ts';
import { typedLine, typedText } from './text.ts';

export const CourseTitle = typedLine({ max: maxTitleLength, empty: 'Give the course a title.' });

/** Stored as it is written. What shows it renders it without raw HTML. */
export const CourseDescription = typedText(maxDescriptionLength).describe('Markdown, without raw HTML.');

/** A language, with a script and a region where they matter (BCP 47). */
const languageTag = /^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?$/;

/** A BCP 47 tag, like `en` or `pt-BR`. */
export const LanguageTag = z.string().max(35).regex(languageTag, 'Choose a language from the list.').overwrite(canonicalLanguage).describe('BCP 47 tag, like en or pt-BR.');
export type LanguageTag = z.infer<typeof LanguageTag>;

const CalendarDay = z.iso.date('Choose a date.');

/** The first and the last day of the term in which the course is taught, in the time zone of the course. */
export const Term = z
  .object({ startsOn: CalendarDay, endsOn: CalendarDay })
  .refine(({ startsOn, endsOn }) => startsOn <= endsOn, { path: ['endsOn'], message: 'The term ends before it starts.' });
export type Term = z.infer<typeof Term>;

/** In lower case, without repetitions and without the # that people put in front. */
export const Tags = z
  .array(z.string().max(2 * maxTagLength))
  .max(3 * maxTags)
  .overwrite(normalisedTags)
  .refine((tags) => tags.length <= maxTags, `At most ${maxTags} tags.`)
  .refine((tags) => tags.every((tag) => tag.length <= maxTagLength), `A tag has at most ${maxTagLength} characters.`);

/** Who may make clips of the videos of a course; `assistants`: and the owner. */
export const ClipsBy = z.enum(['nobody', 'assistants', 'members']);
export type ClipsBy = z.infer<typeof ClipsBy>;

/** What an owner sets in a course, and a copy takes over. */
export const courseSettings = {
  categoryId: CategoryId.nullable().describe('The id of one of the categories of the site; null for none.'),
  tags: Tags,
  timeZone: TimeZone,
  language: LanguageTag.nullable(),
  term: Term.nullable(),
  clipsBy: ClipsBy,
};

export function normalisedTag(tag: string): string {
  return cleanLine(tag.normalize('NFKC')).replace(/^#+\s*/u, '').toLowerCase();
}

function normalisedTags(tags: string[]): string[] {
  return [...new Set(tags.map(normalisedTag).filter((tag) => tag !== ''))];
}

function isLanguageTag(tag: string): boolean {
  return isAccepted(() => Intl.getCanonicalLocales(tag));
}

function canonicalLanguage(tag: string): string {
  return isLanguageTag(tag) ? (Intl.getCanonicalLocales(tag)[0] ?? tag) : tag;
}

function isAccepted(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}
