import type { Clock, Database } from '#engine/kernel';
import type { AccountStore } from '../accounts/AccountStore.ts';
import type { VideoCatalog } from '../content/VideoCatalog.ts';
import type { CourseStore } from '../courses/CourseStore.ts';
import type { EnrolmentStore } from '../courses/EnrolmentStore.ts';
import { Attempts } from './Attempts.ts';
import { AttemptStore } from './AttemptStore.ts';
import { MomentStore } from './MomentStore.ts';
import { attemptHandlers, quizHandlers, quizResultHandlers, videoQuestionHandlers } from './quizHandlers.ts';
import { QuizResults } from './QuizResults.ts';
import { QuizStore } from './QuizStore.ts';
import { QuizViews } from './QuizViews.ts';
import { Quizzes } from './Quizzes.ts';
import { VideoQuestions } from './VideoQuestions.ts';

export interface QuizPartsOptions {
  database: Database;
  courseStore: CourseStore;
  enrolments: EnrolmentStore;
  accounts: AccountStore;
  videoCatalog: VideoCatalog;
  clock: Clock;
}

/** The handlers of quizzes: editing, taking, results, and questions in videos. */
export function quizParts({ database, courseStore: courses, enrolments, accounts, videoCatalog, clock }: QuizPartsOptions) {
  const [quizzes, attempts, moments] = [new QuizStore(database), new AttemptStore(database), new MomentStore(database)];
  const taking = new Attempts({ quizzes, attempts, clock });
  const views = new QuizViews({ quizzes, attempts, courses, clock });
  const editing = new Quizzes({ quizzes, attempts, moments, taking, clock });
  const results = new QuizResults({ quizzes, attempts, enrolments, accounts });
  const videoQuestions = new VideoQuestions({ quizzes, attempts, moments, taking, views });
  const options = { quizzes, attempts, moments, taking, views, editing, results, videoQuestions, videoCatalog };
  return { ...quizHandlers(options), ...attemptHandlers(options), ...quizResultHandlers(options), ...videoQuestionHandlers(options) };
}
