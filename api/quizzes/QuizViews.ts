import { may } from '#engine/contract';
import type { CourseRole, UserId } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import type { Clock } from '#engine/kernel';
import type { AskedQuestion, Attempt, AttemptSummary, Question, QuizDetail, QuizSummary, ShownWhen } from '../contract/index.ts';
import type { CourseStore } from '../courses/CourseStore.ts';
import { timeZoneOf } from '../schedule/localTime.ts';
import type { AskedRow, AttemptRow, AttemptStore } from './AttemptStore.ts';
import { rightAnswerOf } from './gradeAnswer.ts';
import type { QuestionContent } from './gradeAnswer.ts';
import { keyOf } from './QuizStore.ts';
import type { QuizRow, QuizStore } from './QuizStore.ts';

export interface QuizViewsOptions {
  quizzes: QuizStore;
  attempts: AttemptStore;
  courses: Pick<CourseStore, 'find'>;
  clock: Clock;
}

/** Who looks: right answers and points are shown to those who grade, and to others when the settings say so. */
export interface Viewer {
  userId: UserId;
  role: CourseRole;
}

/** What people see of quizzes and attempts. The only place that puts right answers into an answer of the server. */
export class QuizViews {
  readonly #options: QuizViewsOptions;

  constructor(options: QuizViewsOptions) {
    this.#options = options;
  }

  async timeZone({ courseId }: Pick<QuizRow, 'courseId'>): Promise<string> {
    const course = await this.#options.courses.find(courseId);
    return course ? timeZoneOf(course) : 'UTC';
  }

  async summary(quiz: QuizRow, viewer: Viewer, own?: readonly AttemptRow[]): Promise<QuizSummary> {
    const { _id, courseId, title, description, state, settings, questions, maxPoints } = quiz;
    const whole = (own ?? (await this.#options.attempts.ofPerson(_id, viewer.userId))).filter(({ quizId, momentId }) => quizId === _id && momentId === null);
    const handedIn = whole.filter((attempt) => attempt.state === 'handedIn');
    const open = whole.find((attempt) => attempt.state === 'open');
    const counted = countedOf(quiz, handedIn);
    const phase = this.#phase(quiz);
    const hasLeft = settings.maxAttempts === null || handedIn.length < settings.maxAttempts;
    return {
      id: _id,
      courseId,
      title,
      description,
      state,
      phase,
      timeZone: await this.timeZone(quiz),
      settings,
      questionCount: questions.length,
      maxPoints,
      own: {
        attemptCount: handedIn.length,
        openAttemptId: open?._id ?? null,
        counted: counted ? this.attemptSummary(quiz, counted, viewer) : null,
        canStart: state === 'published' && may(viewer.role, 'quiz.take') && (open !== undefined || (phase === 'open' && hasLeft)),
      },
    };
  }

  /** With right answers: for those who may edit. */
  async detail(quiz: QuizRow, viewer: Viewer): Promise<QuizDetail> {
    const contents = await this.#options.quizzes.questions(quiz.questions);
    const questions = quiz.questions.flatMap((place): Question[] => {
      const content = contents.get(keyOf(place));
      return content ? [{ id: place.questionId, version: place.version, ...content }] : [];
    });
    const attemptCount = (await this.#options.attempts.ofQuiz(quiz._id)).filter(({ state }) => state === 'handedIn').length;
    return { ...(await this.summary(quiz, viewer)), questions, revision: quiz.revision, attemptCount };
  }

  attemptSummary(quiz: QuizRow, attempt: AttemptRow, viewer: Viewer): AttemptSummary {
    const { _id, number, state, startedAt, endsAt, handedInAt, isHandedInByServer, points, maxPoints, isGraded } = attempt;
    const isShown = state === 'handedIn' && this.#isShown(quiz, quiz.settings.pointsShown, viewer);
    return { id: _id, number, state, startedAt, endsAt, handedInAt, isHandedInByServer, points: isShown ? points : null, maxPoints, isGraded };
  }

  async attempt(quiz: QuizRow, attempt: AttemptRow, viewer: Viewer): Promise<Attempt> {
    const isHandedIn = attempt.state === 'handedIn';
    const hasPoints = isHandedIn && this.#isShown(quiz, quiz.settings.pointsShown, viewer);
    const hasAnswers = isHandedIn && this.#isShown(quiz, quiz.settings.answersShown, viewer);
    const newest = attempt.asked.map(({ questionId, version }) => ({ questionId, version: Math.max(version, quiz.questions.find((place) => place.questionId === questionId)?.version ?? 0) }));
    const contents = await this.#options.quizzes.questions([...attempt.asked, ...newest]);
    const questions = attempt.asked.flatMap((asked, index): AskedQuestion[] => {
      const content = contents.get(keyOf(asked));
      if (!content) return [];
      const current = contents.get(keyOf(newest[index] ?? asked)) ?? content;
      const right = hasAnswers ? { right: rightAnswerOf(current), explanation: current.explanation } : { right: null, explanation: null };
      return [{ ...askedView(asked, content), ...answerOf(attempt, asked), grade: hasPoints ? gradeOf(attempt, asked) : null, ...right }];
    });
    return { ...this.attemptSummary(quiz, attempt, viewer), quizId: quiz._id, courseId: quiz.courseId, quizTitle: quiz.title, videoId: attempt.videoId, questions };
  }

  #phase({ settings: { opensAt, closesAt } }: QuizRow): QuizSummary['phase'] {
    const now = toInstant(this.#options.clock.nowMs());
    if (opensAt !== null && now < opensAt) return 'upcoming';
    return closesAt !== null && now >= closesAt ? 'closed' : 'open';
  }

  isOpen(quiz: QuizRow): boolean {
    return quiz.state === 'published' && this.#phase(quiz) === 'open';
  }

  #isShown(quiz: QuizRow, when: ShownWhen, { role }: Viewer): boolean {
    if (may(role, 'quiz.grade') || when === 'atOnce') return true;
    return when === 'afterDeadline' && this.#phase(quiz) === 'closed';
  }
}

/** The attempt of the whole quiz that counts. The earlier of two equally good ones. */
export function countedOf({ settings }: Pick<QuizRow, 'settings'>, handedIn: readonly AttemptRow[]): AttemptRow | undefined {
  const byNumber = handedIn.toSorted((a, b) => a.number - b.number);
  if (settings.countedAttempt === 'last') return byNumber.at(-1);
  return byNumber.reduce<AttemptRow | undefined>((best, attempt) => (best && best.points >= attempt.points ? best : attempt), undefined);
}

/** What is asked, without what is right. */
function askedView({ questionId, optionIds }: AskedRow, content: QuestionContent) {
  const texts = new Map('options' in content ? content.options.map(({ id, text }) => [id, text]) : []);
  const unit = content.kind === 'numeric' ? content.unit : '';
  return { id: questionId, kind: content.kind, prompt: content.prompt, points: content.points, options: optionIds.map((id) => ({ id, text: texts.get(id) ?? '' })), unit };
}

function answerOf({ answers }: AttemptRow, { questionId }: AskedRow): Pick<AskedQuestion, 'answer' | 'savedAt'> {
  const given = answers[questionId];
  return { answer: given?.answer ?? null, savedAt: given?.savedAt ?? null };
}

function gradeOf({ grades }: AttemptRow, { questionId }: AskedRow): AskedQuestion['grade'] {
  const grade = grades[questionId];
  return grade ? { points: grade.points, comment: grade.comment } : null;
}
