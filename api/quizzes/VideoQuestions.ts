import { CodedError, may } from '#engine/contract';
import type { CourseId, VideoId } from '#engine/contract';
import { maxMomentsOfVideo } from '../contract/index.ts';
import type { VideoMoment } from '../contract/index.ts';
import type { Attempts } from './Attempts.ts';
import type { AttemptRow, AttemptStore } from './AttemptStore.ts';
import type { MomentRow, MomentStore } from './MomentStore.ts';
import { quizNotFound } from './QuizStore.ts';
import type { QuizRow, QuizStore } from './QuizStore.ts';
import type { QuizViews, Viewer } from './QuizViews.ts';

export interface VideoQuestionsOptions {
  quizzes: QuizStore;
  attempts: AttemptStore;
  moments: MomentStore;
  taking: Attempts;
  views: QuizViews;
}

/** The questions that are asked at seconds of a video. */
export class VideoQuestions {
  readonly #options: VideoQuestionsOptions;

  constructor(options: VideoQuestionsOptions) {
    this.#options = options;
  }

  async list(courseId: CourseId, videoId: VideoId, viewer: Viewer): Promise<VideoMoment[]> {
    const { quizzes, attempts, moments, views } = this.#options;
    const rows = await moments.ofVideo(videoId);
    if (rows.length === 0) return [];
    const [found, own] = await Promise.all([quizzes.findMany(rows.map(({ quizId }) => quizId)), attempts.ofPersonInCourse(courseId, viewer.userId)]);
    return rows.flatMap((row) => {
      const quiz = found.get(row.quizId);
      return quiz && (views.isOpen(quiz) || may(viewer.role, 'quiz.edit')) ? [viewOf(row, quiz, own)] : [];
    });
  }

  /** @throws CodedError `quiz.notFound`, `request.invalid` */
  async add(courseId: CourseId, moment: Omit<MomentRow, '_id' | 'courseId'>): Promise<VideoMoment> {
    const { quizzes, moments } = this.#options;
    const quiz = await quizzes.get(courseId, moment.quizId);
    const known = new Set(quiz.questions.map(({ questionId }) => questionId));
    if (!moment.questionIds.every((id) => known.has(id))) throw new CodedError('request.invalid', 'This question is no longer in the quiz. Reload the page.', { details: { field: 'questionIds' } });
    if ((await moments.ofVideo(moment.videoId)).length >= maxMomentsOfVideo) throw new CodedError('request.invalid', `A video can ask at ${maxMomentsOfVideo} moments. Remove one first.`);
    return viewOf(await moments.add({ courseId, ...moment, questionIds: [...new Set(moment.questionIds)] }), quiz, []);
  }

  /** @throws CodedError `quiz.notFound`, `quiz.notOpen`, `quiz.closed`, `quiz.empty` */
  async start(videoId: VideoId, momentId: string, viewer: Viewer): Promise<{ quiz: QuizRow; attempt: AttemptRow }> {
    const { quizzes, moments, taking, views } = this.#options;
    const moment = await moments.get(videoId, momentId);
    const quiz = (await quizzes.findMany([moment.quizId])).get(moment.quizId);
    if (!quiz || (quiz.state === 'draft' && !may(viewer.role, 'quiz.edit'))) throw quizNotFound();
    const attempt = await taking.start({ quiz, userId: viewer.userId, timeZone: await views.timeZone(quiz), moment });
    return { quiz, attempt };
  }
}

function viewOf({ _id, quizId, atSeconds, questionIds, isRequired, isRepeated }: MomentRow, { title }: QuizRow, own: readonly AttemptRow[]): VideoMoment {
  const isAnswered = own.some(({ momentId, state }) => momentId === _id && state === 'handedIn');
  return { id: _id, quizId, quizTitle: title, atSeconds, questionIds, isRequired, isRepeated, isAnswered };
}
