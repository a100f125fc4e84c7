import { ArrowLeft } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { Attempt, AttemptSummary, QuizSummary } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { Badge, Button, SkeletonList } from '../design/index.ts';
import { Markdown } from '../markdown/Markdown.tsx';
import { formatDateTime, formatNumber } from '../text/format.ts';
import { text } from '../text/index.ts';
import { AttemptForm } from './AttemptForm.tsx';
import { QuestionOutcome } from './QuestionOutcome.tsx';
import { QuizFacts } from './QuizFacts.tsx';
import './quizzes.css';

/** A quiz for those who take it: what it is, the attempt that is open, and earlier ones. */
export default function QuizPage({ courseId, quizId }: { courseId: string; quizId: string }) {
  const params = { courseId, quizId };
  const { data, error, reload } = useLoaded((signal) => api.getOwnQuiz({ params }, { signal }), [quizId]);
  const [attempt, setAttempt] = useState<Attempt>();
  usePageTitle(data?.quiz.title);
  const start = useToastedAction(async () => setAttempt(await api.startAttempt({ params })));
  const view = useToastedAction(async (attemptId: string) => setAttempt(await api.getAttempt({ params: { ...params, attemptId } })));
  if (!data) return error ? <LoadFailure error={error} onRetry={reload} /> : <SkeletonList rows={3} height="6rem" />;
  const { quiz, attempts } = data;
  const done = (next: Attempt) => {
    setAttempt(next);
    reload();
    scrollTo({ top: 0 });
  };
  return (
    <div class="page quiz-page">
      <BackToQuizzes courseId={courseId} />
      <h1 dir="auto">{quiz.title}</h1>
      {attempt?.state === 'open' ? (
        <AttemptForm key={attempt.id} attempt={attempt} onDone={done} />
      ) : (
        <>
          {attempt ? <Outcome attempt={attempt} /> : null}
          <Start quiz={quiz} isBusy={start.isBusy} onStart={() => start.run()} />
          <Attempts quiz={quiz} attempts={attempts.filter(({ state, id }) => state === 'handedIn' && id !== attempt?.id)} onView={(id) => view.run(id)} />
        </>
      )}
    </div>
  );
}

export function BackToQuizzes({ courseId }: { courseId: string }) {
  return (
    <a class="quiz-page__back" href={`${paths.course(courseId)}?tab=quizzes`}>
      <ArrowLeft aria-hidden="true" size={20} />
      {text.quizzes.back}
    </a>
  );
}

function Start({ quiz, isBusy, onStart }: { quiz: QuizSummary; isBusy: boolean; onStart: () => void }) {
  const { own, description } = quiz;
  const label = own.openAttemptId === null ? (own.attemptCount === 0 ? text.quizzes.start : text.quizzes.again) : text.quizzes.resume;
  return (
    <section class="quiz-page__start">
      <QuizFacts quiz={quiz} isWhole />
      {description && own.attemptCount === 0 ? <Markdown>{description}</Markdown> : null}
      {own.canStart ? (
        <div>
          <Button variant="primary" size="large" isBusy={isBusy} onClick={onStart}>
            {label}
          </Button>
        </div>
      ) : null}
    </section>
  );
}

function Outcome({ attempt }: { attempt: Attempt }) {
  return (
    <section class="attempt" aria-labelledby="attempt-outcome">
      <h2 id="attempt-outcome">{text.quizzes.attempt(attempt.number)}</h2>
      <Result attempt={attempt} />
      {attempt.questions.map((question) => (
        <section key={question.id} class="question">
          <Markdown>{question.prompt}</Markdown>
          <QuestionOutcome question={question} />
        </section>
      ))}
    </section>
  );
}

function Result({ attempt: { points, maxPoints, isGraded } }: { attempt: AttemptSummary }) {
  if (points === null) return <p class="quiet">{text.quizzes.notShown}</p>;
  return (
    <p class="quiz-page__points tabular">
      {text.quizzes.pointsOf(formatNumber(points, 2), formatNumber(maxPoints, 2))}
      {isGraded ? null : <Badge>{text.quizzes.toBeGraded}</Badge>}
    </p>
  );
}

function Attempts({ quiz, attempts, onView }: { quiz: QuizSummary; attempts: readonly AttemptSummary[]; onView: (attemptId: string) => void }) {
  return (
    <ul class="quizzes">
      {attempts.map((attempt) => (
        <li key={attempt.id} class="quizzes__quiz">
          <div class="stack-tight grow">
            <h3>
              {text.quizzes.attempt(attempt.number)} {quiz.own.counted?.id === attempt.id ? <Badge tone="good">{text.quizzes.counted}</Badge> : null}
            </h3>
            <span class="quiet small">{attempt.handedInAt === null ? null : (attempt.isHandedInByServer ? text.quizzes.handedInByServer : text.quizzes.handedIn)(formatDateTime(attempt.handedInAt))}</span>
            <Result attempt={attempt} />
          </div>
          <Button onClick={() => onView(attempt.id)}>{text.quizzes.review}</Button>
        </li>
      ))}
    </ul>
  );
}
