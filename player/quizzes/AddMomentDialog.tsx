import { useState } from 'preact/hooks';
import type { QuizDetail } from '#api/contract';
import { ActionForm } from '../app/ActionForm.tsx';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Button, Checkbox, Dialog, DialogActions, Loading, Select, showToast } from '../design/index.ts';
import { formatClock } from '../text/format.ts';
import { text } from '../text/index.ts';

interface AddMomentDialogProps {
  courseId: string;
  videoId: string;
  atSeconds: number;
  onClose: () => void;
  onAdded: () => void;
}

/** Chooses the questions that a video asks at its current position. */
export function AddMomentDialog({ courseId, videoId, atSeconds, onClose, onAdded }: AddMomentDialogProps) {
  const words = text.quizzes.video;
  const { data } = useLoaded((signal) => api.listQuizzes({ params: { courseId } }, { signal }), [courseId]);
  const quizzes = (data?.quizzes ?? []).filter(({ questionCount }) => questionCount > 0);
  const [chosen, setChosen] = useState<string>();
  const quizId = chosen ?? quizzes[0]?.id;
  const { data: quiz } = useLoaded(async (signal) => (quizId === undefined ? undefined : api.getQuiz({ params: { courseId, quizId } }, { signal })), [quizId]);
  const [questionIds, setQuestionIds] = useState<readonly string[]>([]);
  const [form, setForm] = useState({ isRequired: false, isRepeated: false });
  const add = useAction(async () => {
    await api.addVideoQuestion({ params: { videoId }, body: { quizId: quizId ?? '', questionIds: [...questionIds], atSeconds: Math.round(atSeconds * 10) / 10, ...form } });
    showToast({ text: words.added });
    onAdded();
    onClose();
  });
  return (
    <Dialog title={words.addTitle(formatClock(atSeconds * 1000))} onClose={onClose}>
      {quizzes.length === 0 ? (
        <Nothing isLoaded={data !== undefined} />
      ) : (
        <ActionForm action={add}>
          <Select
            label={words.quiz}
            value={quizId ?? ''}
            choices={quizzes.map(({ id, title }) => ({ value: id, label: title }))}
            onValue={(next) => {
              setChosen(next);
              setQuestionIds([]);
            }}
          />
          <fieldset class="stack-tight">
            <legend class="field__label">{words.chosen}</legend>
            {questionsOf(quiz, quizId).map(({ id, prompt }) => (
              <Checkbox key={id} label={prompt} isChecked={questionIds.includes(id)} onChecked={(isChecked) => setQuestionIds(isChecked ? [...questionIds, id] : questionIds.filter((each) => each !== id))} />
            ))}
          </fieldset>
          {add.fieldProblem('questionIds') ? <p class="field__error">{add.fieldProblem('questionIds')}</p> : null}
          <Checkbox label={words.isRequired} isChecked={form.isRequired} onChecked={(isRequired) => setForm({ ...form, isRequired })} />
          <Checkbox label={words.isRepeated} isChecked={form.isRepeated} onChecked={(isRepeated) => setForm({ ...form, isRepeated })} />
          <DialogActions>
            <Button onClick={onClose}>{text.actions.cancel}</Button>
            <Button type="submit" variant="primary" isBusy={add.isBusy}>
              {words.addDo}
            </Button>
          </DialogActions>
        </ActionForm>
      )}
    </Dialog>
  );
}

/** None while the chosen quiz is being loaded. */
function questionsOf(quiz: QuizDetail | undefined, quizId: string | undefined): QuizDetail['questions'] {
  return quiz && quiz.id === quizId ? quiz.questions : [];
}

function Nothing({ isLoaded }: { isLoaded: boolean }) {
  return isLoaded ? <p class="quiet">{text.quizzes.video.noQuiz}</p> : <Loading />;
}
