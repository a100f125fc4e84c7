import { CodedError } from '#engine/contract';
import type { CourseId } from '#engine/contract';
import { newId, toInstant } from '#engine/kernel';
import type { Clock } from '#engine/kernel';
import { maxQuizzesOfCourse } from '../contract/index.ts';
import type { QuestionForm, QuizForm, QuizState } from '../contract/index.ts';
import { endOf } from './Attempts.ts';
import type { Attempts } from './Attempts.ts';
import type { AttemptStore } from './AttemptStore.ts';
import { sumOfPoints } from './gradeAnswer.ts';
import type { QuestionContent } from './gradeAnswer.ts';
import type { MomentStore } from './MomentStore.ts';
import { keyOf } from './QuizStore.ts';
import type { QuestionPlace, QuizRow, QuizStore } from './QuizStore.ts';

export interface QuizzesOptions {
  quizzes: QuizStore;
  attempts: AttemptStore;
  moments: MomentStore;
  taking: Attempts;
  clock: Clock;
}

type NewQuestion = QuestionPlace & { content: QuestionContent };

/** Edits quizzes. A question that changes gets a new version; attempts keep the one that they asked. */
export class Quizzes {
  readonly #options: QuizzesOptions;

  constructor(options: QuizzesOptions) {
    this.#options = options;
  }

  /** @throws CodedError `request.invalid` when the course has too many */
  async create(courseId: CourseId, form: QuizForm): Promise<QuizRow> {
    const { quizzes } = this.#options;
    if ((await quizzes.ofCourse(courseId)).length >= maxQuizzesOfCourse) throw new CodedError('request.invalid', `A course can have ${maxQuizzesOfCourse} quizzes. Delete one first.`);
    const empty = await quizzes.add({ courseId, title: form.title, description: form.description, settings: form.settings, state: 'draft', questions: [], maxPoints: 0, createdAt: this.#now() });
    return form.questions.length === 0 ? empty : this.update(empty, form);
  }

  /** @throws CodedError `quiz.notFound`, `request.invalid` for a question of another quiz */
  async update(quiz: QuizRow, { questions, ...form }: QuizForm): Promise<QuizRow> {
    const { quizzes, attempts } = this.#options;
    const stored = await quizzes.questions(quiz.questions);
    const places = await Promise.all(questions.map((question) => this.#placed(quiz, { question, stored })));
    if (quiz.state === 'published') requireQuestions(places);
    await quizzes.addQuestions(quiz._id, places);
    const maxPoints = sumOfPoints(places.map(({ content }) => content.points));
    const next = await quizzes.update(quiz, { ...form, questions: places.map(({ questionId, version }) => ({ questionId, version })), maxPoints, updatedAt: this.#now() });
    for (const row of await attempts.ofQuiz(quiz._id)) {
      const endsAt = endOf(next, { startedAt: row.startedAt, isWhole: row.momentId === null });
      if (row.state === 'open' && row.endsAt !== endsAt) await attempts.setEnd(row._id, endsAt);
    }
    return next;
  }

  /** A question of the form at its place: with the version that it has, or the next one if something of it has changed. */
  async #placed(quiz: QuizRow, { question: { id, ...form }, stored }: { question: QuestionForm; stored: Map<string, QuestionContent> }): Promise<NewQuestion> {
    const place = quiz.questions.find(({ questionId }) => questionId === id);
    if (id !== undefined && !place) throw new CodedError('request.invalid', 'This question is no longer in the quiz. Reload the page.', { details: { field: 'questions' } });
    const earlier = place && stored.get(keyOf(place));
    const content = contentOf(form, earlier);
    if (!place) return { questionId: newId('qst'), version: 1, content };
    if (JSON.stringify(inOrder(content)) === JSON.stringify(inOrder(earlier))) return { ...place, content };
    return { questionId: place.questionId, version: await this.#options.quizzes.nextVersion(place), content };
  }

  /** @throws CodedError `quiz.empty` */
  async setState(quiz: QuizRow, state: QuizState): Promise<QuizRow> {
    if (state === 'published') requireQuestions(quiz.questions);
    return this.#options.quizzes.update(quiz, { state, updatedAt: this.#now() });
  }

  /** A draft with the same questions, without dates. */
  async duplicate(quiz: QuizRow, title: string): Promise<QuizRow> {
    const stored = await this.#options.quizzes.questions(quiz.questions);
    const questions = quiz.questions.flatMap((place) => formOf(stored.get(keyOf(place))));
    const { opensAt: _, closesAt: __, ...settings } = quiz.settings;
    const shown = (when: QuizRow['settings']['pointsShown']) => (when === 'afterDeadline' ? 'never' : when);
    const undated = { ...settings, opensAt: null, closesAt: null, pointsShown: shown(settings.pointsShown), answersShown: shown(settings.answersShown) };
    return this.create(quiz.courseId, { title, description: quiz.description, settings: undated, questions });
  }

  /** @throws CodedError `quiz.notFound` */
  async remove({ courseId, _id }: QuizRow): Promise<void> {
    await this.#options.moments.forgetQuiz(_id);
    await this.#options.attempts.forgetQuiz(_id);
    await this.#options.quizzes.remove(courseId, _id);
    // An attempt that another request has begun.
    await this.#options.attempts.forgetQuiz(_id);
  }

  async regrade(quiz: QuizRow): Promise<{ attemptCount: number; changedCount: number }> {
    const handedIn = (await this.#options.attempts.ofQuiz(quiz._id)).filter(({ state }) => state === 'handedIn');
    let changedCount = 0;
    for (const row of handedIn) if (await this.#options.taking.regrade(row, quiz)) changedCount += 1;
    return { attemptCount: handedIn.length, changedCount };
  }

  #now(): string {
    return toInstant(this.#options.clock.nowMs());
  }
}

function requireQuestions(questions: readonly unknown[]): void {
  if (questions.length === 0) throw new CodedError('quiz.empty', 'Add a question before you publish the quiz.');
}

/** Options that the question has keep their ids. The ids of new ones are random: their order tells nothing about what is right. */
function contentOf(form: Omit<QuestionForm, 'id'>, earlier: QuestionContent | undefined): QuestionContent {
  const question = form as QuestionContent;
  if (!('options' in question)) return question;
  const known = new Set(earlier && 'options' in earlier ? earlier.options.map(({ id }) => id) : []);
  const options = (question.options as readonly { id?: string }[]).map((option) => ({ ...option, id: option.id !== undefined && known.delete(option.id) ? option.id : newId('opt') }));
  return { ...question, options } as QuestionContent;
}

/** The form of a new question with the same content. */
function formOf(content: QuestionContent | undefined): QuestionForm[] {
  if (!content) return [];
  if (!('options' in content)) return [content];
  return [{ ...content, options: content.options.map(({ id: _, ...option }) => option) } as QuestionForm];
}

/** With its fields in one order, to compare. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, inOrder(inner)]));
}
