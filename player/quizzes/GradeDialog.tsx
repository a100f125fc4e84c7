import { useState } from 'preact/hooks';
import { maxExplanationLength } from '#api/contract';
import type { AskedQuestion, Attempt } from '#api/contract';
import { ActionForm } from '../app/ActionForm.tsx';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { Button, Dialog, showToast, TextField } from '../design/index.ts';
import { Markdown } from '../markdown/Markdown.tsx';
import { text } from '../text/index.ts';
import { QuestionOutcome } from './QuestionOutcome.tsx';

interface GradeDialogProps {
  name: string;
  attempt: Attempt;
  onAttempt: (attempt: Attempt) => void;
  onClose: () => void;
}

/** The answers of one person, with points and a comment that can be changed. */
export function GradeDialog({ name, attempt, onAttempt, onClose }: GradeDialogProps) {
  return (
    <Dialog title={text.quizzes.table.gradeOf(name)} onClose={onClose} isKept>
      {attempt.questions.map((question) => (
        <section key={question.id} class="question">
          <Markdown>{question.prompt}</Markdown>
          <QuestionOutcome question={question} />
          <GradeForm attempt={attempt} question={question} onAttempt={onAttempt} />
        </section>
      ))}
    </Dialog>
  );
}

function GradeForm({ attempt: { courseId, quizId, id: attemptId }, question, onAttempt }: { attempt: Attempt; question: AskedQuestion; onAttempt: (attempt: Attempt) => void }) {
  const [points, setPoints] = useState(question.grade?.points === null || question.grade === null ? '' : String(question.grade.points));
  const [comment, setComment] = useState(question.grade?.comment ?? '');
  const save = useAction(async () => {
    const params = { courseId, quizId, attemptId, questionId: question.id };
    onAttempt(await api.gradeAnswer({ params, body: { points: points === '' ? Number.NaN : Number(points.replace(',', '.')), comment } }));
    showToast({ text: text.quizzes.table.graded });
  });
  return (
    <ActionForm action={save} class="question__grade">
      <TextField label={text.quizzes.table.points} inputMode="decimal" value={points} error={save.fieldProblem('points')} onValue={setPoints} />
      <TextField label={text.quizzes.taking.comment} maxLength={maxExplanationLength} value={comment} onValue={setComment} />
      <Button type="submit" isBusy={save.isBusy}>
        {text.quizzes.table.saveGrade}
      </Button>
    </ActionForm>
  );
}
