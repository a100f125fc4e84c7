import { Download } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { Attempt, QuizResult, RouteResponse, Routes } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { saveFile } from '../app/saveFile.ts';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { Badge, Button, EmptyState, SkeletonList } from '../design/index.ts';
import { formatDateTime, formatNumber, formatPercent } from '../text/format.ts';
import { text } from '../text/index.ts';
import '../progress/progress.css';
import { GradeDialog } from './GradeDialog.tsx';
import { BackToQuizzes } from './QuizPage.tsx';
import './quizzes.css';

type Results = RouteResponse<Routes['listQuizResults']>;

/** What came out of a quiz, by person and by question, for those who grade it. */
export default function QuizResultsPage({ courseId, quizId }: { courseId: string; quizId: string }) {
  const params = { courseId, quizId };
  const { data, error, reload } = useLoaded((signal) => api.listQuizResults({ params }, { signal }), [quizId]);
  const [more, setMore] = useState<{ results: readonly QuizResult[]; cursor: string | null }>();
  const [graded, setGraded] = useState<{ result: QuizResult; attempt: Attempt }>();
  usePageTitle(text.quizzes.results);
  const cursor = more ? more.cursor : (data?.nextCursor ?? null);
  const showMore = useToastedAction(async () => {
    const page = await api.listQuizResults({ params, query: { cursor: cursor ?? undefined } });
    setMore({ results: [...(more?.results ?? []), ...page.results], cursor: page.nextCursor });
  });
  const download = useToastedAction(async () => {
    const { fileName, csv } = await api.exportQuizResults({ params });
    saveFile(new Blob([csv], { type: 'text/csv;charset=utf-8' }), fileName);
  });
  const open = useToastedAction(async (result: QuizResult) => {
    const attemptId = result.countedAttemptId ?? result.questions[0]?.attemptId;
    if (attemptId !== undefined) setGraded({ result, attempt: await api.getAttempt({ params: { ...params, attemptId } }) });
  });
  if (!data) return error ? <LoadFailure error={error} onRetry={reload} /> : <SkeletonList rows={5} />;
  return (
    <div class="page quiz-page quiz-page--wide">
      <BackToQuizzes courseId={courseId} />
      <div class="section__head">
        <h1>{text.quizzes.results}</h1>
        <Button isBusy={download.isBusy} onClick={() => download.run()}>
          <Download aria-hidden="true" size={20} />
          {text.quizzes.table.download}
        </Button>
      </div>
      <Totals results={data} />
      <People results={[...data.results, ...(more?.results ?? [])]} maxPoints={data.maxPoints} onOpen={(result) => open.run(result)} />
      {cursor === null ? null : (
        <div>
          <Button isBusy={showMore.isBusy} onClick={() => showMore.run()}>
            {text.quizzes.table.more}
          </Button>
        </div>
      )}
      <Questions results={data} />
      {graded ? (
        <GradeDialog
          name={graded.result.displayName}
          attempt={graded.attempt}
          onAttempt={(attempt) => {
            setGraded({ ...graded, attempt });
            setMore(undefined);
            reload();
          }}
          onClose={() => setGraded(undefined)}
        />
      ) : null}
    </div>
  );
}

function Totals({ results: { takenCount, averagePoints, maxPoints, histogram } }: { results: Results }) {
  const most = Math.max(1, ...histogram);
  return (
    <dl class="progress__totals">
      <div>
        <dt>{text.quizzes.table.taken}</dt>
        <dd class="tabular">{text.quizzes.table.people(takenCount)}</dd>
      </div>
      <div>
        <dt>{text.quizzes.table.average}</dt>
        <dd class="tabular">{averagePoints === null ? '–' : text.quizzes.pointsOf(formatNumber(averagePoints, 2), formatNumber(maxPoints, 2))}</dd>
      </div>
      <div>
        <dt>{text.quizzes.table.distribution}</dt>
        <dd>
          <ol class="histogram">
            {histogram.map((count, bin) => (
              <li key={bin} title={`${text.quizzes.table.below(bin * 10, bin * 10 + 10)}: ${text.quizzes.table.people(count)}`}>
                <span class="histogram__bar" style={{ height: `${(count / most) * 100}%` }} aria-hidden="true" />
                <span class="unseen">{`${text.quizzes.table.below(bin * 10, bin * 10 + 10)}: ${text.quizzes.table.people(count)}`}</span>
              </li>
            ))}
          </ol>
        </dd>
      </div>
    </dl>
  );
}

function People({ results, maxPoints, onOpen }: { results: readonly QuizResult[]; maxPoints: number; onOpen: (result: QuizResult) => void }) {
  const words = text.quizzes.table;
  if (results.length === 0) return <EmptyState title={words.none} />;
  return (
    <div class="progress__scroll" role="region" aria-label={text.quizzes.results} tabIndex={0}>
      <table class="progress__table">
        <thead>
          <tr>
            <th scope="col">{words.name}</th>
            <th scope="col">{words.points}</th>
            <th scope="col">{words.attempts}</th>
            <th scope="col">{words.handedIn}</th>
            <th scope="col">
              <span class="unseen">{words.grade}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {results.map((result) => (
            <tr key={result.userId}>
              <th scope="row">
                <span dir="auto">{result.displayName}</span>
                <span class="quiet small">{result.email}</span>
              </th>
              <td class="tabular">
                {result.points === null ? '–' : text.quizzes.pointsOf(formatNumber(result.points, 2), formatNumber(maxPoints, 2))} {result.points !== null && !result.isGraded ? <Badge tone="warning">{text.quizzes.toBeGraded}</Badge> : null}
              </td>
              <td class="tabular">{result.isFromVideo ? words.inVideo : formatNumber(result.attemptCount, 0)}</td>
              <td>{result.handedInAt === null ? '–' : formatDateTime(result.handedInAt)}</td>
              <td>{result.questions.length === 0 ? null : <Button variant="quiet" onClick={() => onOpen(result)}>{words.grade}</Button>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Questions({ results: { questions } }: { results: Results }) {
  const words = text.quizzes.table;
  return (
    <div class="progress__scroll" role="region" aria-label={text.quizzes.editor.questions} tabIndex={0}>
      <table class="progress__table">
        <thead>
          <tr>
            <th scope="col">{words.question}</th>
            <th scope="col">{words.right}</th>
            <th scope="col">{words.average}</th>
          </tr>
        </thead>
        <tbody>
          {questions.map((question, index) => (
            <tr key={question.questionId}>
              <th scope="row" class="quiz-page__prompt">
                <span dir="auto">{`${index + 1}. ${question.prompt}`}</span>
                <span class="quiet small">{text.quizzes.editor.kinds[question.kind]}</span>
              </th>
              <td class="tabular">{question.rightShare === null ? '–' : formatPercent(question.rightShare)}</td>
              <td class="tabular">{question.averagePoints === null ? '–' : text.quizzes.pointsOf(formatNumber(question.averagePoints, 2), formatNumber(question.points, 2))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
