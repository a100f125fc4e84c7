// Responsible for finding courses by words of their title, tags and owner, while somebody types. Owns the collection `courseWords`:
// one small document for each word of a course, because an index holds no array. Owns nothing that needs closing.
import type { CourseId } from '#engine/contract';
import type { Collection, Database } from '#engine/kernel';
import { maxFoundCourses } from '../limits.ts';
import type { CourseRow } from './courseRow.ts';
import { searchWords } from './searchWords.ts';

interface WordRow {
  /** The course and the word. */
  _id: string;
  courseId: string;
  /** A word, or a whole tag behind a #. */
  word: string;
}

export interface FoundCourses {
  courseIds: Set<CourseId>;
  /** More courses match than were read: a longer search finds the others. */
  isCut: boolean;
}

type Searched = Pick<CourseRow, '_id' | 'title' | 'tags'>;

/** What is behind every word that begins with these characters. */
const lastCharacter = '\u{10ffff}';

export class CourseSearch {
  readonly #words: Collection<WordRow>;

  constructor(database: Database) {
    this.#words = database.collection<WordRow>({ name: 'courseWords', indexes: [{ keys: { word: 1, courseId: 1 } }, { keys: { courseId: 1 } }] });
  }

  /** Stores the words by which a course is found from now on. Those of before are removed last, so that a failure loses none. */
  async put(course: Searched, ownerName: string): Promise<void> {
    const wanted = new Set([...wordsOf(course, ownerName), ...course.tags.map(tagWord)]);
    const stored = await this.#words.find({ courseId: course._id });
    for (const word of wanted) {
      if (!stored.some((row) => row.word === word)) await this.#words.updateOne({ _id: `${course._id} ${word}` }, { $setOnInsert: { courseId: course._id, word } }, { upsert: true });
    }
    const old = stored.filter(({ word }) => !wanted.has(word)).map(({ _id }) => _id);
    if (old.length > 0) await this.#words.deleteMany({ _id: { $in: old } });
  }

  async remove(courseId: CourseId): Promise<void> {
    await this.#words.deleteMany({ courseId });
  }

  /** The courses with a word that begins with this text. */
  async startingWith(start: string): Promise<FoundCourses> {
    return this.#read({ $gte: start, $lt: start + lastCharacter });
  }

  async withTag(tag: string): Promise<FoundCourses> {
    return this.#read({ $gte: tagWord(tag), $lte: tagWord(tag) });
  }

  async #read(word: { $gte: string; $lt?: string; $lte?: string }): Promise<FoundCourses> {
    const rows = await this.#words.find({ word }, { sort: { word: 1, courseId: 1 }, limit: maxFoundCourses + 1 });
    return { courseIds: new Set(rows.slice(0, maxFoundCourses).map(({ courseId }) => courseId as CourseId)), isCut: rows.length > maxFoundCourses };
  }
}

/** The words of a course, without its whole tags. */
export function wordsOf({ title, tags }: Pick<Searched, 'title' | 'tags'>, ownerName: string): string[] {
  return searchWords([title, ownerName, ...tags].join(' '));
}

/** No word contains a #. */
function tagWord(tag: string): string {
  return `#${tag}`;
}
