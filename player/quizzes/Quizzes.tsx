import { ChartColumn, Copy, Ellipsis, ListChecks, Pencil, Trash2 } from 'lucide-preact';
import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { maxTitleLength } from '#api/contract';
import type { CourseDetail, QuizSummary } from '#api/contract';
import { may } from '#engine/contract';
import { ActionForm } from '../app/ActionForm.tsx';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useAction, useToastedAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Button, ButtonLink, ConfirmDialog, Dialog, DialogActions, EmptyState, Menu, showToast, SkeletonList, TextField } from '../design/index.ts';
import type { MenuItem } from '../design/index.ts';
import { formatNumber } from '../text/format.ts';
import { text } from '../text/index.ts';
import { QuizFacts } from './QuizFacts.tsx';
import './quizzes.css';

/** The quizzes of a course. Students take them; instructors make them and see results. */
export function Quizzes({ course }: { course: CourseDetail }) {
  const params = { courseId: course.id };
  const { data, error, reload } = useLoaded((signal) => api.listQuizzes({ params }, { signal }), [course.id]);
  const [isCreating, setCreating] = useState(false);
  const [removing, setRemoving] = useState<QuizSummary>();
  const { route } = useLocation();
  const role = course.role ?? undefined;
  const canEdit = may(role, 'quiz.edit') && course.state !== 'archived';
  const duplicate = useToastedAction(async ({ id: quizId }: QuizSummary) => {
    await api.duplicateQuiz({ params: { ...params, quizId } });
    showToast({ text: text.quizzes.duplicated });
    reload();
  });
  const remove = useToastedAction(async ({ id: quizId }: QuizSummary) => {
    await api.deleteQuiz({ params: { ...params, quizId } });
    showToast({ text: text.quizzes.removed });
    setRemoving(undefined);
    reload();
  });
  const actions = (quiz: QuizSummary): MenuItem[] => [
    ...(canEdit ? [{ key: 'edit', label: text.quizzes.edit, icon: <Pencil aria-hidden="true" />, onSelect: () => route(paths.quizPart(course.id, quiz.id, 'edit')) }] : []),
    { key: 'results', label: text.quizzes.results, icon: <ChartColumn aria-hidden="true" />, onSelect: () => route(paths.quizPart(course.id, quiz.id, 'results')) },
    ...(canEdit
      ? [
          { key: 'duplicate', label: text.quizzes.duplicate, icon: <Copy aria-hidden="true" />, onSelect: () => duplicate.run(quiz) },
          { key: 'remove', label: text.quizzes.remove, icon: <Trash2 aria-hidden="true" />, isDanger: true, onSelect: () => setRemoving(quiz) },
        ]
      : []),
  ];
  if (!data) return error ? <LoadFailure error={error} onRetry={reload} /> : <SkeletonList rows={3} />;
  const { quizzes } = data;
  return (
    <div class="course-body">
      {canEdit ? (
        <div>
          <Button variant={quizzes.length === 0 ? 'primary' : 'secondary'} onClick={() => setCreating(true)}>
            <ListChecks aria-hidden="true" size={20} />
            {text.quizzes.create}
          </Button>
        </div>
      ) : null}
      {quizzes.length === 0 ? <EmptyState title={text.quizzes.noneTitle}>{canEdit ? text.quizzes.noneInstructor : text.quizzes.noneStudent}</EmptyState> : null}
      <ul class="quizzes">
        {quizzes.map((quiz) => (
          <QuizItem key={quiz.id} quiz={quiz} actions={may(role, 'quiz.grade') ? actions(quiz) : []} />
        ))}
      </ul>
      {isCreating ? <NewQuizDialog courseId={course.id} onClose={() => setCreating(false)} /> : null}
      {removing ? (
        <ConfirmDialog
          title={text.quizzes.removeTitle}
          message={text.quizzes.removeMessage(removing.title)}
          confirmLabel={text.quizzes.remove}
          isBusy={remove.isBusy}
          onConfirm={() => remove.run(removing)}
          onClose={() => setRemoving(undefined)}
        />
      ) : null}
    </div>
  );
}

function QuizItem({ quiz, actions }: { quiz: QuizSummary; actions: readonly MenuItem[] }) {
  const { own, title } = quiz;
  const page = actions.length > 0 && quiz.state === 'draft' ? paths.quizPart(quiz.courseId, quiz.id, 'edit') : paths.quiz(quiz.courseId, quiz.id);
  return (
    <li class="quizzes__quiz">
      <div class="stack-tight grow">
        <h3 dir="auto">
          <a href={page}>{title}</a>
        </h3>
        <QuizFacts quiz={quiz} />
        {own.counted && own.counted.points !== null ? <span class="tabular">{text.quizzes.pointsOf(formatNumber(own.counted.points, 2), formatNumber(own.counted.maxPoints, 2))}</span> : null}
      </div>
      {own.canStart && actions.length === 0 ? <ButtonLink href={page}>{own.openAttemptId === null ? text.quizzes.start : text.quizzes.resume}</ButtonLink> : null}
      {actions.length > 0 ? <Menu label={text.quizzes.menu(title)} isIconOnly trigger={<Ellipsis aria-hidden="true" />} items={actions} /> : null}
    </li>
  );
}

function NewQuizDialog({ courseId, onClose }: { courseId: string; onClose: () => void }) {
  const [title, setTitle] = useState('');
  const { route } = useLocation();
  const create = useAction(async () => {
    const { id } = await api.createQuiz({ params: { courseId }, body: { title } });
    route(paths.quizPart(courseId, id, 'edit'));
  });
  return (
    <Dialog title={text.quizzes.create} onClose={onClose}>
      <ActionForm action={create}>
        <TextField label={text.quizzes.name} required autofocus maxLength={maxTitleLength} value={title} error={create.fieldProblem('title')} onValue={setTitle} />
        <DialogActions>
          <Button onClick={onClose}>{text.actions.cancel}</Button>
          <Button type="submit" variant="primary" isBusy={create.isBusy}>
            {text.quizzes.createDo}
          </Button>
        </DialogActions>
      </ActionForm>
    </Dialog>
  );
}
