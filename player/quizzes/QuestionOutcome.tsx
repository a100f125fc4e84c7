import { CircleCheck, CircleX, Clock } from 'lucide-preact';
import type { Answer, AskedQuestion, RightAnswer } from '#api/contract';
import { Markdown } from '../markdown/Markdown.tsx';
import { formatNumber } from '../text/format.ts';
import { text } from '../text/index.ts';

const number = (value: number) => formatNumber(value, 2);

/** What became of an answer: its points, the right answer and the explanation, as far as they are shown. */
export function QuestionOutcome({ question }: { question: AskedQuestion }) {
  const { grade, right, explanation, points } = question;
  return (
    <div class="question__outcome">
      <p>
        <span class="quiet">{text.quizzes.taking.yourAnswer}: </span>
        <span dir="auto">{given(question, question.answer)}</span>
      </p>
      {right && grade?.points !== points && rightWords(question, right) !== '' ? (
        <p>
          <span class="quiet">{text.quizzes.taking.right}: </span>
          <span dir="auto">{rightWords(question, right)}</span>
        </p>
      ) : null}
      {grade ? <Points got={grade.points} of={points} /> : null}
      {grade?.comment ? (
        <p dir="auto">
          <span class="quiet">{text.quizzes.taking.comment}: </span>
          {grade.comment}
        </p>
      ) : null}
      {explanation ? <Markdown>{explanation}</Markdown> : null}
    </div>
  );
}

function Points({ got, of }: { got: number | null; of: number }) {
  if (got === null) {
    return (
      <p class="question__points">
        <Clock aria-hidden="true" size={18} />
        {text.quizzes.toBeGraded}
      </p>
    );
  }
  const Icon = got >= of ? CircleCheck : CircleX;
  return (
    <p class={`question__points ${got >= of ? 'question__points--all' : ''}`}>
      <Icon aria-hidden="true" size={18} />
      {text.quizzes.pointsOf(number(got), number(of))}
    </p>
  );
}

function texts({ options }: AskedQuestion, ids: readonly string[]): string {
  const known = new Map(options.map(({ id, text: words }) => [id, words]));
  return ids.flatMap((id) => known.get(id) ?? []).join(' · ');
}

function given(question: AskedQuestion, answer: Answer | null): string {
  if (answer === null) return text.quizzes.taking.noAnswer;
  if (answer.kind === 'single') return texts(question, [answer.optionId]);
  if (answer.kind === 'numeric') return `${formatNumber(answer.value, 6)} ${question.unit}`.trim();
  return answer.kind === 'text' ? answer.text : texts(question, answer.optionIds);
}

function rightWords(question: AskedQuestion, { optionIds, value, tolerance, accepted }: RightAnswer): string {
  if (value !== null) return `${tolerance ? text.quizzes.taking.within(formatNumber(value, 6), formatNumber(tolerance, 6)) : formatNumber(value, 6)} ${question.unit}`.trim();
  return question.kind === 'text' ? accepted.join(' · ') : texts(question, optionIds);
}
