import { CloudCheck, CloudOff, LoaderCircle, Timer } from 'lucide-preact';
import { useEffect, useState } from 'preact/hooks';
import type { Attempt } from '#api/contract';
import { serverClock } from '../app/ServerClock.ts';
import { useToastedAction } from '../app/useAction.ts';
import { Button, ConfirmDialog } from '../design/index.ts';
import type { SaveState } from './AnswerSaver.ts';
import { Markdown } from '../markdown/Markdown.tsx';
import { formatClock } from '../text/format.ts';
import { text } from '../text/index.ts';
import { QuestionField } from './QuestionField.tsx';
import { useAttempt } from './useAttempt.ts';

interface AttemptFormProps {
  attempt: Attempt;
  /** In a video: without the question whether to hand in. */
  isShort?: boolean;
  onDone: (attempt: Attempt) => void;
}

/** The questions of an open attempt. Each answer is saved when it is given. */
export function AttemptForm({ attempt: first, isShort, onDone }: AttemptFormProps) {
  const { attempt, saveState, refresh, answerOf, answer, handIn } = useAttempt(first, onDone);
  const [isAsking, setAsking] = useState(false);
  const done = useToastedAction(async () => {
    await handIn();
  });
  const missing = attempt.questions.filter(({ id }) => answerOf(id) === null).length;
  return (
    <form
      class="attempt"
      onSubmit={(event) => {
        event.preventDefault();
        if (isShort) done.run();
        else setAsking(true);
      }}
    >
      <div class="attempt__bar">
        <span class="tabular">{text.quizzes.taking.answered(attempt.questions.length - missing, attempt.questions.length)}</span>
        <Saved state={saveState.value} />
        {attempt.endsAt === null ? null : <TimeLeft endsAt={attempt.endsAt} onEnd={refresh} />}
      </div>
      {attempt.questions.map((question, index) => (
        <section key={question.id} class="question" aria-label={text.quizzes.editor.question(index + 1)}>
          <div class="question__head">
            <div id={`q-${question.id}`} class="question__prompt">
              <Markdown>{question.prompt}</Markdown>
            </div>
            <span class="quiet small tabular">{text.quizzes.points(question.points)}</span>
          </div>
          <QuestionField question={question} answer={answerOf(question.id)} labelledBy={`q-${question.id}`} onAnswer={(given) => answer(question.id, given)} />
        </section>
      ))}
      <div>
        <Button type="submit" variant="primary" size={isShort ? 'normal' : 'large'} isBusy={done.isBusy} disabled={isShort && missing > 0}>
          {isShort ? text.quizzes.video.answer : text.quizzes.taking.handIn}
        </Button>
      </div>
      {isAsking ? (
        <ConfirmDialog
          title={text.quizzes.taking.handInTitle}
          message={missing > 0 ? `${text.quizzes.taking.handInMissing(missing)} ${text.quizzes.taking.handInMessage}` : text.quizzes.taking.handInMessage}
          confirmLabel={text.quizzes.taking.handIn}
          variant="primary"
          isBusy={done.isBusy}
          onConfirm={() => done.run()}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </form>
  );
}

const saveIcons = { saved: CloudCheck, saving: LoaderCircle, offline: CloudOff } as const;

function Saved({ state }: { state: SaveState }) {
  const Icon = saveIcons[state];
  return (
    <span class={`attempt__saved attempt__saved--${state}`} role="status">
      <Icon aria-hidden="true" size={18} />
      {text.quizzes.taking[state]}
    </span>
  );
}

/** The clock of an attempt. At its end the attempt is read again: the server has handed it in. */
function TimeLeft({ endsAt, onEnd }: { endsAt: string; onEnd: () => Promise<void> }) {
  const leftMs = () => Date.parse(endsAt) - serverClock.nowMs();
  const [left, setLeft] = useState(leftMs);
  useEffect(() => {
    const timer = setInterval(() => {
      setLeft(leftMs());
      if (leftMs() <= 0) void onEnd();
    }, 1000);
    return () => clearInterval(timer);
  }, [endsAt]);
  return (
    <span class={`attempt__clock tabular ${left < 60_000 ? 'attempt__clock--short' : ''}`}>
      <Timer aria-hidden="true" size={18} />
      {text.quizzes.taking.remaining(formatClock(left))}
    </span>
  );
}
