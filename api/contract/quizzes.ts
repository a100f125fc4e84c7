import * as z from 'zod';
import { cleanLine, cleanText, CourseId, Instant, RecordId } from '#engine/contract';
import { CourseParams } from './courses.ts';
import { maxAnnouncementLength, maxTitleLength } from './limits.ts';
import { Question, QuestionForm } from './questions.ts';
import { maxQuizAttempts, maxQuizQuestions, maxTimeLimitMinutes } from './quizLimits.ts';
import { nothing, route } from './route.ts';

export const QuizState = z.enum(['draft', 'published']);
export type QuizState = z.infer<typeof QuizState>;

/** When something is shown to those who have taken a quiz: after each attempt, after the deadline, or never. */
export const ShownWhen = z.enum(['atOnce', 'afterDeadline', 'never']);
export type ShownWhen = z.infer<typeof ShownWhen>;

export const QuizSettings = z.object({
  areQuestionsShuffled: z.boolean().default(false).describe('Each attempt has an order of its own, which stays.'),
  areOptionsShuffled: z.boolean().default(false).describe('Things to order are always shuffled.'),
  maxAttempts: z.number().int().min(1).max(maxQuizAttempts).nullable().default(1).describe('Null: any number.'),
  timeLimitMinutes: z.number().int().min(1).max(maxTimeLimitMinutes).nullable().default(null),
  opensAt: Instant.nullable().default(null),
  closesAt: Instant.nullable().default(null).describe('The deadline. Open attempts are handed in then.'),
  countedAttempt: z.enum(['best', 'last']).default('best'),
  pointsShown: ShownWhen.default('atOnce'),
  answersShown: ShownWhen.default('atOnce').describe('Right answers and explanations.'),
});
export type QuizSettings = z.infer<typeof QuizSettings>;

const CheckedSettings = QuizSettings.refine(({ opensAt, closesAt }) => opensAt === null || closesAt === null || opensAt < closesAt, { path: ['closesAt'], message: 'The deadline has to be after the opening.' }).refine(
  ({ closesAt, pointsShown, answersShown }) => closesAt !== null || (pointsShown !== 'afterDeadline' && answersShown !== 'afterDeadline'),
  { path: ['closesAt'], message: 'Set a deadline, after which results are shown.' },
);

/** `upcoming` before it opens, `closed` after its deadline. */
export const QuizPhase = z.enum(['upcoming', 'open', 'closed']);

export const AttemptSummary = z.object({
  id: RecordId,
  number: z.number().int().describe('1 for the first.'),
  state: z.enum(['open', 'handedIn']),
  startedAt: Instant,
  endsAt: Instant.nullable().describe('When the server hands it in; null without a limit.'),
  handedInAt: Instant.nullable(),
  isHandedInByServer: z.boolean(),
  points: z.number().nullable().describe('Null while they are not shown, and while it is open.'),
  maxPoints: z.number(),
  isGraded: z.boolean().describe('False while a person has still to grade something: `points` may grow.'),
});
export type AttemptSummary = z.infer<typeof AttemptSummary>;

export const QuizSummary = z.object({
  id: RecordId,
  courseId: CourseId,
  title: z.string(),
  description: z.string().describe('Markdown.'),
  state: QuizState,
  phase: QuizPhase,
  timeZone: z.string().describe('IANA time zone of the course, in which its times are meant.'),
  settings: QuizSettings,
  questionCount: z.number().int(),
  maxPoints: z.number(),
  own: z.object({
    attemptCount: z.number().int().describe('Attempts that you have handed in.'),
    openAttemptId: RecordId.nullable(),
    counted: AttemptSummary.nullable().describe('The attempt that counts; null before the first.'),
    canStart: z.boolean(),
  }),
});
export type QuizSummary = z.infer<typeof QuizSummary>;

export const QuizDetail = QuizSummary.extend({
  questions: z.array(Question),
  revision: z.number().int().describe('Raised by every change.'),
  attemptCount: z.number().int().describe('Attempts of everyone that are handed in.'),
});
export type QuizDetail = z.infer<typeof QuizDetail>;

const QuizTitle = z.string().overwrite(cleanLine).min(1, 'Give the quiz a title.').max(maxTitleLength, `At most ${maxTitleLength} characters.`);

export const QuizForm = z.object({
  title: QuizTitle,
  description: z.string().overwrite(cleanText).max(maxAnnouncementLength, `At most ${maxAnnouncementLength} characters.`).default(''),
  settings: CheckedSettings.prefault({}),
  questions: z
    .array(QuestionForm)
    .max(maxQuizQuestions, `At most ${maxQuizQuestions} questions.`)
    .default([])
    .refine((questions) => areDifferent(questions.flatMap(({ id }) => id ?? [])), 'A question may be in the quiz once.'),
});
export type QuizForm = z.infer<typeof QuizForm>;

function areDifferent(ids: readonly string[]): boolean {
  return new Set(ids).size === ids.length;
}

export const QuizParams = CourseParams.extend({ quizId: RecordId });
const path = '/api/v1/courses/:courseId/quizzes';

export const quizRoutes = {
  listQuizzes: route({
    method: 'GET',
    path,
    params: CourseParams,
    response: z.object({ quizzes: z.array(QuizSummary) }),
    auth: 'user',
    summary: 'List the quizzes of a course, the newest first. Drafts are for those who edit them.',
  }),
  createQuiz: route({ method: 'POST', path, params: CourseParams, body: z.object({ title: QuizTitle }), response: QuizDetail, status: 201, auth: 'user', summary: 'Create a quiz, as a draft without questions.' }),
  getQuiz: route({ method: 'GET', path: `${path}/:quizId`, params: QuizParams, response: QuizDetail, auth: 'user', summary: 'Get a quiz with its questions and right answers, to edit it.' }),
  updateQuiz: route({
    method: 'PUT',
    path: `${path}/:quizId`,
    params: QuizParams,
    body: QuizForm,
    response: QuizDetail,
    auth: 'user',
    summary: 'Save a quiz. Attempts keep the questions that they asked, and their points until they are graded again.',
  }),
  setQuizState: route({
    method: 'PUT',
    path: `${path}/:quizId/state`,
    params: QuizParams,
    body: z.object({ state: QuizState }),
    response: QuizDetail,
    auth: 'user',
    summary: 'Publish a quiz, or make it a draft again. Open attempts go on.',
  }),
  duplicateQuiz: route({ method: 'POST', path: `${path}/:quizId/duplicate`, params: QuizParams, response: QuizDetail, status: 201, auth: 'user', summary: 'Copy a quiz as a draft without dates and attempts.' }),
  deleteQuiz: route({ method: 'DELETE', path: `${path}/:quizId`, params: QuizParams, response: nothing, status: 204, auth: 'user', summary: 'Delete a quiz with all its attempts and results.' }),
  regradeQuiz: route({
    method: 'POST',
    path: `${path}/:quizId/regrade`,
    params: QuizParams,
    response: z.object({ attemptCount: z.number().int(), changedCount: z.number().int().describe('Attempts whose points have changed.') }),
    auth: 'user',
    summary: 'Grade all attempts of a quiz again, by the right answers that it has now. What a person graded stays.',
  }),
};
