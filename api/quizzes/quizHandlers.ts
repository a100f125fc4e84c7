import { may } from '#engine/contract';
import type { CourseRole, UserId } from '#engine/contract';
import { isLeft, shownSeconds, sourceSeconds } from '../content/editedPositions.ts';
import type { VideoCatalog } from '../content/VideoCatalog.ts';
import type { Handlers } from '../access/index.ts';
import { QuizForm } from '../contract/index.ts';
import type { attemptRoutes, quizResultRoutes, quizRoutes, videoQuestionRoutes } from '../contract/index.ts';
import type { Attempts } from './Attempts.ts';
import type { AttemptStore } from './AttemptStore.ts';
import type { MomentStore } from './MomentStore.ts';
import type { QuizResults } from './QuizResults.ts';
import { quizNotFound } from './QuizStore.ts';
import type { QuizRow, QuizStore } from './QuizStore.ts';
import type { QuizViews, Viewer } from './QuizViews.ts';
import type { Quizzes } from './Quizzes.ts';
import type { VideoQuestions } from './VideoQuestions.ts';

export interface QuizHandlersOptions {
  quizzes: QuizStore;
  attempts: AttemptStore;
  moments: MomentStore;
  editing: Quizzes;
  taking: Attempts;
  results: QuizResults;
  views: QuizViews;
  videoQuestions: VideoQuestions;
  videoCatalog: Pick<VideoCatalog, 'get'>;
}

const viewerOf = ({ caller, course }: { caller: { userId: UserId }; course: { role: CourseRole } }): Viewer => ({ userId: caller.userId, role: course.role });

/** Who does not edit knows nothing of drafts. @throws CodedError `quiz.notFound` */
function requireVisible(quiz: QuizRow, { role }: Viewer): QuizRow {
  if (quiz.state === 'draft' && !may(role, 'quiz.edit')) throw quizNotFound();
  return quiz;
}

export function quizHandlers({ quizzes, editing, views }: QuizHandlersOptions): Handlers<Exclude<keyof typeof quizRoutes, 'listQuizzes'>> {
  return {
    createQuiz: async (call) => views.detail(await editing.create(call.params.courseId, QuizForm.parse(call.body)), viewerOf(call)),
    getQuiz: async (call) => views.detail(await quizzes.get(call.params.courseId, call.params.quizId), viewerOf(call)),
    updateQuiz: async (call) => {
      const earlier = await quizzes.get(call.params.courseId, call.params.quizId);
      const quiz = await editing.update(earlier, call.body);
      const versionOf = (id: string) => earlier.questions.find(({ questionId }) => questionId === id)?.version;
      call.note({ changedQuestions: quiz.questions.filter(({ questionId, version }) => versionOf(questionId) !== version).map(({ questionId }) => questionId) });
      return views.detail(quiz, viewerOf(call));
    },
    setQuizState: async (call) => views.detail(await editing.setState(await quizzes.get(call.params.courseId, call.params.quizId), call.body.state), viewerOf(call)),
    duplicateQuiz: async (call) => {
      const quiz = await quizzes.get(call.params.courseId, call.params.quizId);
      return views.detail(await editing.duplicate(quiz, quiz.title), viewerOf(call));
    },
    deleteQuiz: async ({ params }) => {
      await editing.remove(await quizzes.get(params.courseId, params.quizId));
      return null;
    },
    regradeQuiz: async ({ params }) => editing.regrade(await quizzes.get(params.courseId, params.quizId)),
  };
}

export function attemptHandlers({ quizzes, attempts, taking, views }: QuizHandlersOptions): Handlers<keyof typeof attemptRoutes | 'listQuizzes'> {
  const settledOf = async (quizId: string, userId: UserId) => Promise.all((await attempts.ofPerson(quizId, userId)).map((row) => taking.settled(row)));
  return {
    listQuizzes: async (call) => {
      const viewer = viewerOf(call);
      const visible = (await quizzes.ofCourse(call.params.courseId)).filter(({ state }) => state === 'published' || may(viewer.role, 'quiz.edit'));
      const own = await Promise.all((await attempts.ofPersonInCourse(call.params.courseId, viewer.userId)).map((row) => taking.settled(row)));
      return { quizzes: await Promise.all(visible.map((quiz) => views.summary(quiz, viewer, own))) };
    },
    getOwnQuiz: async (call) => {
      const viewer = viewerOf(call);
      const quiz = requireVisible(await quizzes.get(call.params.courseId, call.params.quizId), viewer);
      const own = await settledOf(quiz._id, viewer.userId);
      const whole = own.filter(({ momentId }) => momentId === null).sort((a, b) => b.number - a.number);
      return { quiz: await views.summary(quiz, viewer, own), attempts: whole.map((row) => views.attemptSummary(quiz, row, viewer)) };
    },
    startAttempt: async (call) => {
      const viewer = viewerOf(call);
      const quiz = requireVisible(await quizzes.get(call.params.courseId, call.params.quizId), viewer);
      return views.attempt(quiz, await taking.start({ quiz, userId: viewer.userId, timeZone: await views.timeZone(quiz) }), viewer);
    },
    getAttempt: async (call) => {
      const viewer = viewerOf(call);
      const { courseId, quizId, attemptId } = call.params;
      const quiz = await quizzes.get(courseId, quizId);
      const row = may(viewer.role, 'quiz.grade') ? await taking.settled(await attempts.get(quizId, attemptId)) : await taking.own(quizId, attemptId, viewer.userId);
      return views.attempt(quiz, row, viewer);
    },
    saveAnswer: async ({ params: { courseId, quizId, attemptId, questionId }, body: { answer }, caller: { userId } }) => {
      await quizzes.get(courseId, quizId);
      return { savedAt: await taking.saveAnswer(await taking.own(quizId, attemptId, userId), questionId, answer) };
    },
    handInAttempt: async (call) => {
      const { courseId, quizId, attemptId } = call.params;
      const quiz = await quizzes.get(courseId, quizId);
      return views.attempt(quiz, await taking.handIn(await taking.own(quizId, attemptId, call.caller.userId)), viewerOf(call));
    },
  };
}

export function quizResultHandlers({ quizzes, attempts, taking, results, views }: QuizHandlersOptions): Handlers<keyof typeof quizResultRoutes> {
  const settledQuiz = async ({ courseId, quizId }: { courseId: QuizRow['courseId']; quizId: string }) => {
    const quiz = await quizzes.get(courseId, quizId);
    for (const row of await attempts.ofQuiz(quizId)) await taking.settled(row);
    return quiz;
  };
  return {
    listQuizResults: async ({ params, query: { cursor, limit } }) => results.page(await settledQuiz(params), { cursor, limit }),
    exportQuizResults: async ({ params }) => results.csv(await settledQuiz(params)),
    gradeAnswer: async (call) => {
      const { courseId, quizId, attemptId, questionId } = call.params;
      const quiz = await quizzes.get(courseId, quizId);
      const row = await taking.settled(await attempts.get(quizId, attemptId));
      return views.attempt(quiz, await taking.gradeByHand(row, questionId, call.body), viewerOf(call));
    },
  };
}

export function videoQuestionHandlers({ moments, videoQuestions, views, videoCatalog }: QuizHandlersOptions): Handlers<keyof typeof videoQuestionRoutes> {
  return {
    listVideoQuestions: async (call) => {
      const { kept } = await videoCatalog.get(call.params.videoId);
      const asked = await videoQuestions.list(call.course.courseId, call.params.videoId, viewerOf(call));
      // A question in a part that is cut is not asked.
      return { moments: asked.flatMap((moment) => (isLeft(kept, moment.atSeconds) ? [{ ...moment, atSeconds: shownSeconds(kept, moment.atSeconds) }] : [])) };
    },
    addVideoQuestion: async ({ params: { videoId }, course: { courseId }, body }) => {
      const { kept } = await videoCatalog.get(videoId);
      const added = await videoQuestions.add(courseId, { videoId, ...body, atSeconds: sourceSeconds(kept, body.atSeconds) });
      return { ...added, atSeconds: body.atSeconds };
    },
    removeVideoQuestion: async ({ params: { videoId, momentId } }) => {
      await moments.remove(videoId, momentId);
      return null;
    },
    startVideoAttempt: async (call) => {
      const viewer = viewerOf(call);
      const { quiz, attempt } = await videoQuestions.start(call.params.videoId, call.params.momentId, viewer);
      return views.attempt(quiz, attempt, viewer);
    },
  };
}
