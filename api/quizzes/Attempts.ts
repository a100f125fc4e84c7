import { randomInt } from 'node:crypto';
import { CodedError } from '#engine/contract';
import type { UserId, VideoId } from '#engine/contract';
import { fromInstant, toInstant } from '#engine/kernel';
import type { Clock } from '#engine/kernel';
import type { Answer } from '../contract/index.ts';
import { describeMoment } from '../schedule/localTime.ts';
import { attemptNotFound } from './AttemptStore.ts';
import type { AskedRow, AttemptRow, AttemptStore, GradeRow } from './AttemptStore.ts';
import { gradeAnswer, sumOfPoints } from './gradeAnswer.ts';
import type { QuestionContent } from './gradeAnswer.ts';
import { attemptWriteTries } from './limits.ts';
import { keyOf } from './QuizStore.ts';
import type { QuizRow, QuizStore } from './QuizStore.ts';

export interface AttemptsOptions {
  quizzes: QuizStore;
  attempts: AttemptStore;
  clock: Clock;
}

/** Who begins an attempt, and of what. */
export interface AttemptStart {
  quiz: QuizRow;
  userId: UserId;
  timeZone: string;
  /** Questions that a video asks; without it, the whole quiz. */
  moment?: { _id: string; videoId: VideoId; questionIds: readonly string[]; isRepeated: boolean };
}

/** Takes the answers of people: begins attempts, saves answers, hands in and grades. One attempt of a person and quiz is open at a time. */
export class Attempts {
  readonly #options: AttemptsOptions;

  constructor(options: AttemptsOptions) {
    this.#options = options;
  }

  /** A new attempt, or the open one. @throws CodedError `quiz.notOpen`, `quiz.closed`, `quiz.empty`, `attempt.noneLeft` */
  async start(start: AttemptStart): Promise<AttemptRow> {
    const { quiz, userId, moment } = start;
    const scope = { quizId: quiz._id, momentId: moment?._id ?? null, userId };
    for (let tries = 0; tries < attemptWriteTries; tries += 1) {
      const open = await this.#options.attempts.findOpen(scope);
      const current = open && (await this.settled(open));
      if (current?.state === 'open') return current;
      const earlier = (await this.#options.attempts.ofPerson(quiz._id, userId)).filter(({ momentId, state }) => momentId === scope.momentId && state === 'handedIn');
      const last = earlier.find(({ number }) => number === earlier.length);
      if (moment && last && !moment.isRepeated) return last;
      this.#requireOpen(start);
      if (!moment) requireAttemptsLeft(quiz, earlier.length);
      const row = await this.#options.attempts.add(await this.#newAttempt(start, earlier.length + 1));
      if (row) return row;
    }
    throw new CodedError('server.busy', 'This quiz is being opened on many devices at once. Try again in a moment.');
  }

  async #newAttempt({ quiz, userId, moment }: AttemptStart, number: number) {
    const { settings } = quiz;
    const places = moment ? quiz.questions.filter(({ questionId }) => moment.questionIds.includes(questionId)) : quiz.questions;
    if (places.length === 0) throw new CodedError('quiz.empty', 'This quiz has no questions yet.');
    const contents = await this.#options.quizzes.questions(places);
    const asked = places.flatMap((place): (AskedRow & { points: number })[] => {
      const content = contents.get(keyOf(place));
      return content ? [{ ...place, optionIds: optionOrder(content, settings.areOptionsShuffled), points: content.points }] : [];
    });
    const ordered = settings.areQuestionsShuffled && !moment ? shuffled(asked) : asked;
    const startedAt = toInstant(this.#options.clock.nowMs());
    return {
      courseId: quiz.courseId,
      quizId: quiz._id,
      userId,
      momentId: moment?._id ?? null,
      videoId: moment?.videoId ?? null,
      number,
      startedAt,
      endsAt: endOf(quiz, { startedAt, isWhole: !moment }),
      asked: ordered.map(({ questionId, version, optionIds }) => ({ questionId, version, optionIds })),
      maxPoints: sumOfPoints(asked.map(({ points }) => points)),
    };
  }

  #requireOpen({ quiz: { state, settings: { opensAt, closesAt } }, timeZone }: AttemptStart): void {
    const now = toInstant(this.#options.clock.nowMs());
    if (state === 'draft') throw new CodedError('quiz.notOpen', 'This quiz is a draft. Publish it first.');
    if (opensAt !== null && now < opensAt) throw new CodedError('quiz.notOpen', `This quiz opens on ${describeMoment(fromInstant(opensAt), timeZone)}.`);
    if (closesAt !== null && now >= closesAt) throw new CodedError('quiz.closed', `The deadline of this quiz was on ${describeMoment(fromInstant(closesAt), timeZone)}.`);
  }

  /** The attempt as it is now: handed in by the server if its time is up. */
  async settled(row: AttemptRow): Promise<AttemptRow> {
    return row.state === 'open' && this.#isDue(row) ? this.#handIn(row) : row;
  }

  /** An attempt of this person. @throws CodedError `attempt.notFound` */
  async own(quizId: string, attemptId: string, userId: UserId): Promise<AttemptRow> {
    const row = await this.#options.attempts.get(quizId, attemptId);
    if (row.userId !== userId) throw attemptNotFound();
    return this.settled(row);
  }

  /** Returns when the answer was saved. @throws CodedError `attempt.handedIn`, `attempt.notFound`, `request.invalid` */
  async saveAnswer(row: AttemptRow, questionId: string, answer: Answer | null): Promise<string> {
    if (row.state !== 'open') throw handedIn(row);
    const asked = row.asked.find((each) => each.questionId === questionId);
    if (!asked) throw new CodedError('request.invalid', 'This attempt does not ask that question. Reload the page.');
    const known = row.answers[questionId];
    if (known && JSON.stringify(known.answer) === JSON.stringify(answer)) return known.savedAt;
    const savedAt = toInstant(this.#options.clock.nowMs());
    if (!known && answer === null) return savedAt;
    if (answer) requireFitting((await this.#options.quizzes.questions([asked])).get(keyOf(asked)), asked, answer);
    if (await this.#options.attempts.saveAnswer(row._id, questionId, answer && { answer, savedAt })) return savedAt;
    throw handedIn(await this.#options.attempts.get(row.quizId, row._id));
  }

  /** Handing in again changes nothing. */
  async handIn(row: AttemptRow): Promise<AttemptRow> {
    return row.state === 'handedIn' ? row : this.#handIn(row);
  }

  async #handIn(row: AttemptRow): Promise<AttemptRow> {
    const { attempts, clock } = this.#options;
    for (let tries = 0, current = row; tries < attemptWriteTries; tries += 1) {
      const grades = await this.#grades(current, current.asked);
      const isDue = this.#isDue(current);
      const handedInAt = isDue ? current.endsAt : toInstant(clock.nowMs());
      const done = await attempts.handIn(current, { handedInAt, isHandedInByServer: isDue, ...summed(grades) });
      if (done) return done;
      current = await attempts.get(row.quizId, row._id);
      if (current.state === 'handedIn') return current;
    }
    throw new CodedError('server.busy', 'This attempt is changing on another device. Try again in a moment.');
  }

  /** By the questions of these places. Points that a person gave stay. */
  async #grades(row: AttemptRow, places: readonly { questionId: string; version: number }[]): Promise<Record<string, GradeRow>> {
    const contents = await this.#options.quizzes.questions(places);
    const graded = row.asked.map(({ questionId, optionIds }): [string, GradeRow] => {
      const place = places.find((each) => each.questionId === questionId);
      const content = place && contents.get(keyOf(place));
      const earlier = row.grades[questionId];
      if (!content || earlier?.isByHand) return [questionId, earlier ?? { points: 0, maxPoints: 0, comment: '', isByHand: false }];
      const points = gradeAnswer(content, { answer: row.answers[questionId]?.answer ?? null, askedOptionIds: optionIds });
      return [questionId, { points, maxPoints: content.points, comment: earlier?.comment ?? '', isByHand: false }];
    });
    return Object.fromEntries(graded);
  }

  /** Grades one attempt again by the questions that the quiz has now. True when its points have changed. */
  async regrade({ _id, quizId }: AttemptRow, quiz: QuizRow): Promise<boolean> {
    let hasChanged = false;
    await this.#change({ _id, quizId }, async (row) => {
      const newest = row.asked.map((asked) => quiz.questions.find(({ questionId }) => questionId === asked.questionId) ?? asked);
      const grades = await this.#grades(row, newest);
      hasChanged = JSON.stringify(grades) !== JSON.stringify(row.grades);
      return grades;
    });
    return hasChanged;
  }

  /** Gives the points of a person to an answer. @throws CodedError `attempt.notFound`, `attempt.open`, `request.invalid` */
  async gradeByHand({ _id, quizId }: AttemptRow, questionId: string, { points, comment }: { points: number; comment: string }): Promise<AttemptRow> {
    return this.#change({ _id, quizId }, async (row) => {
      if (row.state === 'open') throw new CodedError('attempt.open', 'This attempt is not handed in yet. Grade it after that.');
      const grade = row.grades[questionId];
      if (!grade) throw new CodedError('request.invalid', 'This attempt does not ask that question. Reload the page.');
      if (points > grade.maxPoints) throw new CodedError('request.invalid', `At most ${grade.maxPoints} points.`, { details: { field: 'points' } });
      return { ...row.grades, [questionId]: { ...grade, points, comment, isByHand: true } };
    });
  }

  async #change({ _id, quizId }: Pick<AttemptRow, '_id' | 'quizId'>, gradesOf: (row: AttemptRow) => Promise<Record<string, GradeRow>>): Promise<AttemptRow> {
    for (let tries = 0; tries < attemptWriteTries; tries += 1) {
      const row = await this.#options.attempts.get(quizId, _id);
      const grades = await gradesOf(row);
      const maxPoints = sumOfPoints(Object.values(grades).map((grade) => grade.maxPoints));
      const changed = await this.#options.attempts.grade(row, { ...summed(grades), maxPoints });
      if (changed) return changed;
    }
    throw new CodedError('server.busy', 'Somebody else is grading this attempt. Try again in a moment.');
  }

  #isDue({ endsAt }: Pick<AttemptRow, 'endsAt'>): boolean {
    return endsAt !== null && endsAt <= toInstant(this.#options.clock.nowMs());
  }
}

/** When an attempt ends: at its time limit or at the deadline. Questions in a video have no time limit. */
export function endOf({ settings: { timeLimitMinutes, closesAt } }: Pick<QuizRow, 'settings'>, { startedAt, isWhole }: { startedAt: string; isWhole: boolean }): string | null {
  const limit = timeLimitMinutes === null || !isWhole ? null : toInstant(fromInstant(startedAt) + timeLimitMinutes * 60_000);
  const ends = [limit, closesAt].filter((end) => end !== null).sort();
  return ends[0] ?? null;
}

function summed(grades: Record<string, GradeRow>): Pick<AttemptRow, 'grades' | 'points' | 'isGraded'> {
  const points = Object.values(grades).map((grade) => grade.points);
  return { grades, points: sumOfPoints(points.map((each) => each ?? 0)), isGraded: points.every((each) => each !== null) };
}

function requireAttemptsLeft({ settings: { maxAttempts } }: QuizRow, count: number): void {
  if (maxAttempts !== null && count >= maxAttempts) throw new CodedError('attempt.noneLeft', `You have used all attempts of this quiz (${maxAttempts}).`);
}

function handedIn({ isHandedInByServer }: AttemptRow): CodedError {
  return new CodedError('attempt.handedIn', isHandedInByServer ? 'The time is up: this attempt was handed in with the answers that were saved before.' : 'This attempt is handed in. Its answers cannot be changed.');
}

/** @throws CodedError `request.invalid` for an answer of another kind, or with options that were not asked */
function requireFitting(content: QuestionContent | undefined, { optionIds }: AskedRow, answer: Answer): void {
  const chosen = 'optionIds' in answer ? answer.optionIds : 'optionId' in answer ? [answer.optionId] : [];
  const isKnown = new Set(chosen).size === chosen.length && chosen.every((id) => optionIds.includes(id));
  const isWhole = answer.kind !== 'ordering' || chosen.length === optionIds.length;
  if (content?.kind !== answer.kind || !isKnown || !isWhole) throw new CodedError('request.invalid', 'This is no answer to that question. Reload the page.');
}

function optionOrder(content: QuestionContent, isShuffled: boolean): string[] {
  if (!('options' in content)) return [];
  const ids = content.options.map(({ id }) => id);
  return isShuffled || content.kind === 'ordering' ? shuffled(ids) : ids;
}

/** A new order, each as likely as any other (Fisher–Yates). */
function shuffled<T>(all: readonly T[]): T[] {
  const result = [...all];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1);
    [result[last], result[other]] = [result[other] as T, result[last] as T];
  }
  return result;
}
