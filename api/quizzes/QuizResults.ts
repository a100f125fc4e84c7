import { UserId } from '#engine/contract';
import type { QuizResult } from '../contract/index.ts';
import type { AccountStore } from '../accounts/AccountStore.ts';
import type { EnrolmentStore } from '../courses/EnrolmentStore.ts';
import { toCsv } from '../csv/index.ts';
import { pageOfRows } from '../paging/index.ts';
import type { AttemptRow, AttemptStore } from './AttemptStore.ts';
import { sumOfPoints } from './gradeAnswer.ts';
import type { QuestionContent } from './gradeAnswer.ts';
import { keyOf } from './QuizStore.ts';
import type { QuizRow, QuizStore } from './QuizStore.ts';
import { countedOf } from './QuizViews.ts';

export interface QuizResultsOptions {
  quizzes: QuizStore;
  attempts: AttemptStore;
  enrolments: Pick<EnrolmentStore, 'ofCourse'>;
  accounts: Pick<AccountStore, 'findMany'>;
}

const histogramBins = 10;

/**
 * The results of a quiz by person and by question. A person counts with the attempt of the whole quiz that counts; one who has
 * answered in videos only counts with these answers, the best or last of each question as for whole attempts.
 */
export class QuizResults {
  readonly #options: QuizResultsOptions;

  constructor(options: QuizResultsOptions) {
    this.#options = options;
  }

  async page(quiz: QuizRow, { cursor, limit }: { cursor: string | undefined; limit: number }) {
    const { results, questions } = await this.#all(quiz);
    const rows = results.map((result) => ({ _id: result.userId, name: sortName(result.displayName), result }));
    const page = pageOfRows(rows, { list: `quizResults.${quiz._id}`, sortBy: 'name', direction: 1, cursor, limit });
    const taken = results.flatMap(({ points }) => points ?? []);
    const histogram = Array.from({ length: histogramBins }, () => 0);
    for (const points of taken) {
      const bin = Math.min(histogramBins - 1, Math.floor((quiz.maxPoints === 0 ? 0 : points / quiz.maxPoints) * histogramBins));
      histogram[bin] = (histogram[bin] ?? 0) + 1;
    }
    return {
      results: page.rows.map(({ result }) => result),
      nextCursor: page.nextCursor,
      questions: quiz.questions.flatMap((place) => {
        const content = questions.get(keyOf(place));
        return content ? [{ questionId: place.questionId, prompt: content.prompt, kind: content.kind, points: content.points, ...statisticsOf(place.questionId, content, results) }] : [];
      }),
      maxPoints: quiz.maxPoints,
      takenCount: taken.length,
      averagePoints: averageOf(taken),
      histogram,
    };
  }

  async csv(quiz: QuizRow): Promise<{ fileName: string; csv: string }> {
    const { results, questions } = await this.#all(quiz);
    const asked = quiz.questions.flatMap((place) => {
      const content = questions.get(keyOf(place));
      return content ? [{ ...place, content }] : [];
    });
    const header = ['Name', 'Email', 'Attempts', 'Handed in', 'In a video', 'Points', `Of ${quiz.maxPoints}`, ...asked.map(({ content }, index) => `${index + 1}. ${oneLine(content.prompt)} (${content.points})`)];
    const rows = results.toSorted((a, b) => sortName(a.displayName).localeCompare(sortName(b.displayName))).map((result) => [
      result.displayName,
      result.email,
      result.attemptCount,
      result.handedInAt ?? '',
      result.isFromVideo ? 'yes' : 'no',
      result.points ?? '',
      result.isGraded ? 'graded' : result.points === null ? '' : 'to be graded',
      ...asked.map(({ questionId }) => result.questions.find((each) => each.questionId === questionId)?.points ?? ''),
    ]);
    return { fileName: 'quiz-results.csv', csv: toCsv(header, rows) };
  }

  async #all(quiz: QuizRow): Promise<{ results: QuizResult[]; questions: Map<string, QuestionContent> }> {
    const { quizzes, attempts, enrolments, accounts } = this.#options;
    const [all, enrolled, questions] = await Promise.all([attempts.ofQuiz(quiz._id), enrolments.ofCourse(quiz.courseId), quizzes.questions(quiz.questions)]);
    const handedIn = all.filter(({ state }) => state === 'handedIn');
    const ids = new Set([...enrolled.filter(({ role }) => role === 'student').map(({ userId }) => userId), ...handedIn.map(({ userId }) => userId)]);
    const people = await accounts.findMany([...ids].map((id) => UserId.parse(id)));
    const ofPerson = Map.groupBy(handedIn, ({ userId }) => userId as string);
    const results = [...people].map(([userId, { displayName, email }]): QuizResult => ({ userId, displayName, email, ...resultOf(quiz, ofPerson.get(userId) ?? []) }));
    return { results, questions };
  }
}

type Result = Omit<QuizResult, 'userId' | 'displayName' | 'email'>;

function resultOf(quiz: QuizRow, attempts: readonly AttemptRow[]): Result {
  const whole = attempts.filter(({ momentId }) => momentId === null);
  const counted = countedOf(quiz, whole);
  const sources = counted ? [counted] : attempts.toSorted((a, b) => (a.handedInAt ?? '').localeCompare(b.handedInAt ?? ''));
  const graded = gradesOf(quiz, sources);
  return {
    attemptCount: whole.length,
    countedAttemptId: counted?._id ?? null,
    points: graded.length === 0 ? null : (counted?.points ?? sumOfPoints(graded.map(({ points }) => points ?? 0))),
    isGraded: graded.length > 0 && graded.every(({ points }) => points !== null),
    isFromVideo: !counted && graded.length > 0,
    handedInAt: sources.at(-1)?.handedInAt ?? null,
    questions: graded,
  };
}

/** The grade of each question: the best or the last of several attempts in videos. */
function gradesOf({ settings }: QuizRow, sources: readonly AttemptRow[]): Result['questions'] {
  const graded = new Map<string, Result['questions'][number]>();
  for (const attempt of sources) {
    for (const [questionId, { points }] of Object.entries(attempt.grades)) {
      const known = graded.get(questionId);
      const isKept = known !== undefined && settings.countedAttempt === 'best' && (known.points ?? -1) >= (points ?? 0);
      if (!isKept) graded.set(questionId, { questionId, attemptId: attempt._id, points });
    }
  }
  return [...graded.values()];
}

function statisticsOf(questionId: string, { points: maxPoints }: QuestionContent, results: readonly QuizResult[]) {
  const asked = results.flatMap(({ questions }) => questions.filter((each) => each.questionId === questionId));
  const graded = asked.flatMap(({ points }) => points ?? []);
  const right = graded.filter((points) => points >= maxPoints).length;
  return { answerCount: asked.length, rightShare: graded.length === 0 ? null : right / graded.length, averagePoints: averageOf(graded) };
}

function averageOf(numbers: readonly number[]): number | null {
  return numbers.length === 0 ? null : Math.round((numbers.reduce((sum, each) => sum + each, 0) / numbers.length) * 100) / 100;
}

/** The order of names, without case and accents. */
function sortName(name: string): string {
  return name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

const maxHeaderLength = 80;

function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').trim().slice(0, maxHeaderLength);
}
