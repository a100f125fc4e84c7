import { CodedError } from '#engine/contract';
import type { CourseId } from '#engine/contract';
import { newId } from '#engine/kernel';
import type { Collection, Database } from '#engine/kernel';
import type { QuizSettings, QuizState } from '../contract/index.ts';
import type { QuestionContent } from './gradeAnswer.ts';

export interface QuestionPlace {
  questionId: string;
  version: number;
}

export interface QuizRow {
  _id: string;
  courseId: CourseId;
  title: string;
  /** Markdown. */
  description: string;
  state: QuizState;
  settings: QuizSettings;
  /** In their order, each with the version that new attempts ask. */
  questions: QuestionPlace[];
  maxPoints: number;
  /** Raised by every change. */
  revision: number;
  createdAt: string;
  updatedAt: string;
}

export type QuizChange = Partial<Pick<QuizRow, 'title' | 'description' | 'state' | 'settings' | 'questions' | 'maxPoints'>>;

interface QuestionRow {
  /** `<questionId>.<version>`. A version never changes. */
  _id: string;
  quizId: string;
  content: QuestionContent;
}

/** The quizzes of courses and every version of their questions. Owns the collections `quizzes` and `quizQuestions`. */
export class QuizStore {
  readonly #quizzes: Collection<QuizRow>;
  readonly #questions: Collection<QuestionRow>;

  constructor(database: Database) {
    this.#quizzes = database.collection<QuizRow>({ name: 'quizzes', indexes: [{ keys: { courseId: 1, createdAt: -1 } }] });
    this.#questions = database.collection<QuestionRow>({ name: 'quizQuestions', indexes: [{ keys: { quizId: 1 } }] });
  }

  async add(quiz: Omit<QuizRow, '_id' | 'revision' | 'updatedAt'>): Promise<QuizRow> {
    const row: QuizRow = { _id: newId('quz'), ...quiz, revision: 1, updatedAt: quiz.createdAt };
    await this.#quizzes.insertOne(row);
    return row;
  }

  /** @throws CodedError `quiz.notFound` */
  async get(courseId: CourseId, quizId: string): Promise<QuizRow> {
    const row = await this.#quizzes.findOne({ _id: quizId, courseId });
    if (!row) throw quizNotFound();
    return row;
  }

  /** The newest first. */
  async ofCourse(courseId: CourseId): Promise<QuizRow[]> {
    return this.#quizzes.find({ courseId }, { sort: { createdAt: -1 } });
  }

  async findMany(quizIds: readonly string[]): Promise<Map<string, QuizRow>> {
    return new Map((await this.#quizzes.find({ _id: { $in: [...new Set(quizIds)] } })).map((row) => [row._id, row]));
  }

  /** @throws CodedError `quiz.notFound` */
  async update({ courseId, _id }: Pick<QuizRow, 'courseId' | '_id'>, change: QuizChange & { updatedAt: string }): Promise<QuizRow> {
    const row = await this.#quizzes.findOneAndUpdate({ _id, courseId }, { $set: change, $inc: { revision: 1 } }, { returnDocument: 'after' });
    if (!row) throw quizNotFound();
    return row;
  }

  /** Stores versions before a quiz names them. One that is stored already stays: versions never change. */
  async addQuestions(quizId: string, questions: readonly (QuestionPlace & { content: QuestionContent })[]): Promise<void> {
    for (const { content, ...place } of questions) await this.#questions.updateOne({ _id: keyOf(place) }, { $setOnInsert: { quizId, content } }, { upsert: true });
  }

  /** The next version of a question: versions that nothing names, of a save that failed, are not used again. */
  async nextVersion({ questionId, version }: QuestionPlace): Promise<number> {
    let next = version + 1;
    while (await this.#questions.findOne({ _id: keyOf({ questionId, version: next }) })) next += 1;
    return next;
  }

  /** By `keyOf` of their places. */
  async questions(places: readonly QuestionPlace[]): Promise<Map<string, QuestionContent>> {
    const keys = [...new Set(places.map(keyOf))];
    return new Map((await this.#questions.find({ _id: { $in: keys } })).map(({ _id, content }) => [_id, content]));
  }

  /** @throws CodedError `quiz.notFound` */
  async remove(courseId: CourseId, quizId: string): Promise<void> {
    const { deletedCount } = await this.#quizzes.deleteOne({ _id: quizId, courseId });
    if (deletedCount === 0) throw quizNotFound();
    await this.#questions.deleteMany({ quizId });
  }

  /** The course is deleted. */
  async forgetCourse(courseId: CourseId): Promise<void> {
    for (const { _id } of await this.ofCourse(courseId)) await this.remove(courseId, _id);
  }
}

export function keyOf({ questionId, version }: QuestionPlace): string {
  return `${questionId}.${version}`;
}

export function quizNotFound(): CodedError {
  return new CodedError('quiz.notFound', 'This quiz does not exist. It may have been deleted; reload the page.');
}
