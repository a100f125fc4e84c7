import { Plus } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { maxAnnouncementLength, maxQuizQuestions, maxTitleLength } from '#api/contract';
import type { QuizDetail } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useAction, useToastedAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { Badge, Button, ButtonLink, Notice, showToast, SkeletonList, TextArea, TextField } from '../design/index.ts';
import { text } from '../text/index.ts';
import { moved } from './moved.ts';
import { draftOf, formOf, newQuestion } from './questionForm.ts';
import { QuestionEditor } from './QuestionEditor.tsx';
import { BackToQuizzes } from './QuizPage.tsx';
import { QuizSettingsFields } from './QuizSettingsFields.tsx';
import './quizzes.css';

/** Makes a quiz: its questions with their right answers, and its settings. */
export default function QuizEditorPage({ courseId, quizId }: { courseId: string; quizId: string }) {
  const { data, error, reload } = useLoaded((signal) => api.getQuiz({ params: { courseId, quizId } }, { signal }), [quizId]);
  usePageTitle(data?.title);
  if (!data) return error ? <LoadFailure error={error} onRetry={reload} /> : <SkeletonList rows={4} height="8rem" />;
  return <Editor key={quizId} loaded={data} />;
}

function useEditor(loaded: QuizDetail) {
  const [quiz, setQuiz] = useState(loaded);
  const [title, setTitle] = useState(loaded.title);
  const [description, setDescription] = useState(loaded.description);
  const [settings, setSettings] = useState(loaded.settings);
  const [questions, setQuestions] = useState(() => loaded.questions.map(draftOf));
  const params = { courseId: quiz.courseId, quizId: quiz.id };
  const adopt = (next: QuizDetail) => {
    setQuiz(next);
    setQuestions((before) => next.questions.map((question, index) => ({ ...draftOf(question), key: before[index]?.key ?? index })));
  };
  const store = async () => {
    const saved = await api.updateQuiz({ params, body: { title, description, settings, questions: questions.map(formOf) } }, { ifUnchanged: quiz });
    adopt(saved);
  };
  const save = useAction(async () => {
    await store();
    showToast({ text: text.quizzes.editor.saved });
  });
  const setState = useAction(async (state: 'draft' | 'published') => {
    await store();
    adopt(await api.setQuizState({ params, body: { state } }));
    // The next change starts from what this call has made.
    setQuiz(await api.getQuiz({ params }));
    showToast({ text: state === 'published' ? text.quizzes.published : text.quizzes.unpublished });
  });
  const regrade = useToastedAction(async () => {
    const { changedCount } = await api.regradeQuiz({ params });
    showToast({ text: text.quizzes.editor.regraded(changedCount) });
  });
  return { quiz, title, setTitle, description, setDescription, settings, setSettings, questions, setQuestions, save, setState, regrade };
}

function Editor({ loaded }: { loaded: QuizDetail }) {
  const { quiz, title, setTitle, description, setDescription, settings, setSettings, questions, setQuestions, save, setState, regrade } = useEditor(loaded);
  const words = text.quizzes.editor;
  const problemOf = (path: string) => save.fieldProblem(path) ?? setState.fieldProblem(path);
  const problem = save.problem ?? setState.problem;
  return (
    <form
      class="page quiz-page"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.run();
      }}
    >
      <BackToQuizzes courseId={quiz.courseId} />
      <div class="question__head">
        <h1>{words.title}</h1>
        <Badge tone={quiz.state === 'published' ? 'good' : 'normal'}>{quiz.state === 'published' ? text.quizzes[quiz.phase] : text.quizzes.draft}</Badge>
      </div>
      <TextField label={text.quizzes.name} required maxLength={maxTitleLength} value={title} error={problemOf('title')} onValue={setTitle} />
      <TextArea label={words.description} hint={words.markdown} rows={2} maxLength={maxAnnouncementLength} value={description} error={problemOf('description')} onValue={setDescription} />
      <h2>{words.questions}</h2>
      {questions.length === 0 ? <p class="quiet">{words.noQuestions}</p> : null}
      {questions.map((question, index) => (
        <QuestionEditor
          key={question.key}
          question={question}
          index={index}
          count={questions.length}
          problemOf={(field) => problemOf(`questions.${index}.${field}`)}
          onChange={(next) => setQuestions(questions.map((each) => (each.key === question.key ? next : each)))}
          onMove={(by) => setQuestions(moved(questions, index, by))}
          onRemove={() => setQuestions(questions.filter(({ key }) => key !== question.key))}
        />
      ))}
      {questions.length < maxQuizQuestions ? (
        <div>
          <Button onClick={() => setQuestions([...questions, newQuestion()])}>
            <Plus aria-hidden="true" size={20} />
            {words.add}
          </Button>
        </div>
      ) : null}
      <h2>{words.settings}</h2>
      <QuizSettingsFields settings={settings} timeZone={quiz.timeZone} problemOf={problemOf} onChange={setSettings} />
      {quiz.attemptCount > 0 ? (
        <Notice action={<Button isBusy={regrade.isBusy} onClick={() => regrade.run()}>{words.regrade}</Button>}>{words.regradeHint(quiz.attemptCount)}</Notice>
      ) : null}
      <div class="quiz-page__actions">
        {problem ? <Notice tone="danger">{problem}</Notice> : null}
        <Button type="submit" isBusy={save.isBusy}>
          {text.actions.save}
        </Button>
        {quiz.state === 'draft' ? (
          <Button variant="primary" isBusy={setState.isBusy} onClick={() => setState.run('published')}>
            {text.quizzes.publish}
          </Button>
        ) : (
          <>
            <Button variant="quiet" isBusy={setState.isBusy} onClick={() => setState.run('draft')}>
              {text.quizzes.unpublish}
            </Button>
            <ButtonLink variant="quiet" href={paths.quizPart(quiz.courseId, quiz.id, 'results')}>
              {text.quizzes.results}
            </ButtonLink>
          </>
        )}
      </div>
    </form>
  );
}
