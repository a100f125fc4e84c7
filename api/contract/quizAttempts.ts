import * as z from 'zod';
import { cleanText, CourseId, Instant, RecordId, UserId, VideoId } from '#engine/contract';
import { VideoParams } from './content.ts';
import { maxPositionSeconds } from './limits.ts';
import { NextCursor, pageQuery } from './paging.ts';
import { Answer, AskedQuestion, QuestionKind } from './questions.ts';
import { AttemptSummary, QuizParams, QuizSummary } from './quizzes.ts';
import { maxExplanationLength, maxQuestionPoints, maxQuizQuestions, maxResultPageSize, resultPageSize } from './quizLimits.ts';
import { nothing, route } from './route.ts';

export const Attempt = AttemptSummary.extend({
  quizId: RecordId,
  courseId: CourseId,
  quizTitle: z.string(),
  videoId: VideoId.nullable().describe('The video in which it was asked; null for the whole quiz.'),
  questions: z.array(AskedQuestion),
});
export type Attempt = z.infer<typeof Attempt>;

const path = '/api/v1/courses/:courseId/quizzes/:quizId';
const AttemptParams = QuizParams.extend({ attemptId: RecordId });
const AttemptQuestionParams = AttemptParams.extend({ questionId: RecordId });

export const attemptRoutes = {
  getOwnQuiz: route({
    method: 'GET',
    path: `${path}/own`,
    params: QuizParams,
    response: z.object({ quiz: QuizSummary, attempts: z.array(AttemptSummary).describe('Yours, the latest first.') }),
    auth: 'user',
    summary: 'Get a published quiz without its questions, and your attempts.',
  }),
  startAttempt: route({ method: 'POST', path: `${path}/attempts`, params: QuizParams, response: Attempt, auth: 'user', summary: 'Begin an attempt, or get the one that is open. A person has one open attempt of a quiz.' }),
  getAttempt: route({ method: 'GET', path: `${path}/attempts/:attemptId`, params: AttemptParams, response: Attempt, auth: 'user', summary: 'Get an attempt of yours, or one of anybody if you grade the quiz.' }),
  saveAnswer: route({
    method: 'PUT',
    path: `${path}/attempts/:attemptId/answers/:questionId`,
    params: AttemptQuestionParams,
    body: z.object({ answer: Answer.nullable().describe('Null takes the answer back.') }),
    response: z.object({ savedAt: Instant }),
    auth: 'user',
    summary: 'Save one answer of an open attempt of yours. The last one counts; saving the same again changes nothing.',
  }),
  handInAttempt: route({ method: 'POST', path: `${path}/attempts/:attemptId/hand-in`, params: AttemptParams, response: Attempt, auth: 'user', summary: 'Hand in an attempt. Again changes nothing.' }),
};

const QuestionResult = z.object({
  questionId: RecordId,
  prompt: z.string(),
  kind: QuestionKind,
  points: z.number(),
  answerCount: z.number().int().describe('People who were asked it.'),
  rightShare: z.number().nullable().describe('The share of them with all points; null before the first.'),
  averagePoints: z.number().nullable(),
});

export const QuizResult = z.object({
  userId: UserId,
  displayName: z.string(),
  email: z.string(),
  attemptCount: z.number().int().describe('Of the whole quiz.'),
  countedAttemptId: RecordId.nullable().describe('The attempt of the whole quiz that counts.'),
  points: z.number().nullable().describe('Of the whole quiz, or, for somebody who answered in videos only, of these answers. Null without any.'),
  isGraded: z.boolean(),
  isFromVideo: z.boolean(),
  handedInAt: Instant.nullable(),
  questions: z.array(z.object({ questionId: RecordId, attemptId: RecordId, points: z.number().nullable() })).describe('Those that were asked. Null points: to be graded by a person.'),
});
export type QuizResult = z.infer<typeof QuizResult>;

export const quizResultRoutes = {
  listQuizResults: route({
    method: 'GET',
    path: `${path}/results`,
    params: QuizParams,
    query: pageQuery({ size: resultPageSize, maxSize: maxResultPageSize, filters: {} }),
    response: z.object({
      results: z.array(QuizResult).describe('Students of the course, and everyone who took it, by name.'),
      nextCursor: NextCursor,
      questions: z.array(QuestionResult),
      maxPoints: z.number(),
      takenCount: z.number().int(),
      averagePoints: z.number().nullable(),
      histogram: z.array(z.number().int()).length(10).describe('People by their share of the points: below 10 %, below 20 %, …, 90 % and more.'),
    }),
    auth: 'user',
    summary: 'List the results of a quiz by person and by question.',
  }),
  exportQuizResults: route({
    method: 'GET',
    path: `${path}/results/table`,
    params: QuizParams,
    response: z.object({ fileName: z.string(), csv: z.string() }),
    auth: 'user',
    summary: 'Get the results of a quiz as a CSV table.',
  }),
  gradeAnswer: route({
    method: 'PUT',
    path: `${path}/attempts/:attemptId/grades/:questionId`,
    params: AttemptQuestionParams,
    body: z.object({ points: z.number().min(0).max(maxQuestionPoints), comment: z.string().overwrite(cleanText).max(maxExplanationLength).default('') }),
    response: Attempt,
    auth: 'user',
    summary: 'Give points and a comment to one answer. Grading again keeps them.',
  }),
};

/** A second of a video at which questions of a quiz are asked. */
export const VideoMoment = z.object({
  id: RecordId,
  quizId: RecordId,
  quizTitle: z.string(),
  atSeconds: z.number(),
  questionIds: z.array(RecordId),
  isRequired: z.boolean().describe('The video goes on only after the answer.'),
  isRepeated: z.boolean().describe('Asked each time that the video is played; otherwise once for each person.'),
  isAnswered: z.boolean().describe('You have answered it.'),
});
export type VideoMoment = z.infer<typeof VideoMoment>;

const MomentForm = z.object({
  quizId: RecordId,
  questionIds: z.array(RecordId).min(1, 'Choose a question.').max(maxQuizQuestions),
  atSeconds: z.number().min(0).max(maxPositionSeconds),
  isRequired: z.boolean().default(false),
  isRepeated: z.boolean().default(false),
});
const momentPath = '/api/v1/content/:videoId/questions';
const MomentParams = VideoParams.extend({ momentId: RecordId });

export const videoQuestionRoutes = {
  listVideoQuestions: route({
    method: 'GET',
    path: momentPath,
    params: VideoParams,
    response: z.object({ moments: z.array(VideoMoment).describe('By their time. Those of quizzes that are not open are for those who edit them.') }),
    auth: 'user',
    summary: 'List the seconds of a video at which questions are asked.',
  }),
  addVideoQuestion: route({ method: 'POST', path: momentPath, params: VideoParams, body: MomentForm, response: VideoMoment, status: 201, auth: 'user', summary: 'Ask questions of a quiz at a second of a video.' }),
  removeVideoQuestion: route({ method: 'DELETE', path: `${momentPath}/:momentId`, params: MomentParams, response: nothing, status: 204, auth: 'user', summary: 'No longer ask at a second of a video. Answers stay.' }),
  startVideoAttempt: route({
    method: 'POST',
    path: `${momentPath}/:momentId/attempts`,
    params: MomentParams,
    response: Attempt,
    auth: 'user',
    summary: 'Get the questions of a second of a video as an attempt of their own. Attempts of the whole quiz are not counted for it.',
  }),
};
