import { ArrowDown, ArrowUp, Plus, Trash2, X } from 'lucide-preact';
import { maxExplanationLength, maxOptionLength, maxPromptLength, maxQuestionOptions, maxUnitLength } from '#api/contract';
import type { QuestionKind } from '#api/contract';
import { Button, IconButton, Select, TextArea, TextField } from '../design/index.ts';
import { text } from '../text/index.ts';
import { moved } from './moved.ts';
import { newOption } from './questionForm.ts';
import type { QuestionDraft } from './questionForm.ts';

interface QuestionEditorProps {
  question: QuestionDraft;
  index: number;
  count: number;
  /** What is wrong with a field of the question: `prompt`, `options.0.text`. */
  problemOf: (field: string) => string | undefined;
  onChange: (question: QuestionDraft) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

const kinds: readonly QuestionKind[] = ['single', 'multiple', 'numeric', 'text', 'ordering'];

/** One question of a quiz with its right answer. */
export function QuestionEditor({ question, index, count, problemOf, onChange, onMove, onRemove }: QuestionEditorProps) {
  const words = text.quizzes.editor;
  const set = (change: Partial<QuestionDraft>) => onChange({ ...question, ...change });
  return (
    <fieldset class="question question--edited">
      <legend class="unseen">{words.question(index + 1)}</legend>
      <div class="question__head">
        <h3>{words.question(index + 1)}</h3>
        <div class="question__tools">
          <IconButton label={`${words.up}: ${words.question(index + 1)}`} disabled={index === 0} onClick={() => onMove(-1)}>
            <ArrowUp aria-hidden="true" />
          </IconButton>
          <IconButton label={`${words.down}: ${words.question(index + 1)}`} disabled={index === count - 1} onClick={() => onMove(1)}>
            <ArrowDown aria-hidden="true" />
          </IconButton>
          <IconButton label={`${words.removeQuestion}: ${words.question(index + 1)}`} onClick={onRemove}>
            <Trash2 aria-hidden="true" />
          </IconButton>
        </div>
      </div>
      <div class="question__row">
        <Select label={words.kind} value={question.kind} choices={kinds.map((kind) => ({ value: kind, label: words.kinds[kind] }))} onValue={(kind) => set(ofKind(question, kind as QuestionKind))} />
        <TextField label={words.points} inputMode="decimal" value={question.points} error={problemOf('points')} onValue={(points) => set({ points })} />
      </div>
      <TextArea label={words.prompt} hint={words.markdown} rows={2} maxLength={maxPromptLength} value={question.prompt} error={problemOf('prompt')} onValue={(prompt) => set({ prompt })} />
      <RightAnswer question={question} problemOf={problemOf} set={set} />
      <TextArea label={words.explanation} hint={words.explanationHint} rows={1} maxLength={maxExplanationLength} value={question.explanation} onValue={(explanation) => set({ explanation })} />
    </fieldset>
  );
}

/** A single choice has one right option. */
function ofKind({ options }: QuestionDraft, kind: QuestionKind): Partial<QuestionDraft> {
  if (kind !== 'single') return { kind };
  const right = Math.max(0, options.findIndex(({ isRight }) => isRight));
  return { kind, options: options.map((option, index) => ({ ...option, isRight: index === right })) };
}

interface AnswerProps extends Pick<QuestionEditorProps, 'question' | 'problemOf'> {
  set: (change: Partial<QuestionDraft>) => void;
}

function RightAnswer(props: AnswerProps) {
  const { question, problemOf, set } = props;
  const words = text.quizzes.editor;
  if (question.kind === 'text') return <TextArea label={words.accepted} hint={words.acceptedHint} rows={2} value={question.accepted} error={problemOf('accepted')} onValue={(accepted) => set({ accepted })} />;
  if (question.kind !== 'numeric') return <Options {...props} />;
  return (
    <div class="question__row">
      <TextField label={words.value} inputMode="decimal" value={question.value} error={problemOf('value')} onValue={(value) => set({ value })} />
      <TextField label={words.tolerance} inputMode="decimal" value={question.tolerance} error={problemOf('tolerance')} onValue={(tolerance) => set({ tolerance })} />
      <TextField label={words.unit} maxLength={maxUnitLength} value={question.unit} onValue={(unit) => set({ unit })} />
    </div>
  );
}

function Options({ question: { key, kind, options }, problemOf, set }: AnswerProps) {
  const words = text.quizzes.editor;
  const setOption = (index: number, change: Partial<QuestionDraft['options'][number]>) =>
    set({ options: options.map((option, other) => (other === index ? { ...option, ...change } : kind === 'single' && change.isRight ? { ...option, isRight: false } : option)) });
  const problem = problemOf('options');
  return (
    <div class="question__options">
      {kind === 'ordering' ? <p class="quiet small">{words.orderHint}</p> : null}
      {options.map((option, index) => (
        <div key={option.key} class="question__edited-option">
          {kind === 'ordering' ? (
            <>
              <IconButton label={words.optionUp(index + 1)} disabled={index === 0} onClick={() => set({ options: moved(options, index, -1) })}>
                <ArrowUp aria-hidden="true" size={20} />
              </IconButton>
              <IconButton label={words.optionDown(index + 1)} disabled={index === options.length - 1} onClick={() => set({ options: moved(options, index, 1) })}>
                <ArrowDown aria-hidden="true" size={20} />
              </IconButton>
            </>
          ) : (
            <label class="question__right" title={words.optionIsRight(index + 1)}>
              <input type={kind === 'single' ? 'radio' : 'checkbox'} name={`right-${key}`} aria-label={words.optionIsRight(index + 1)} checked={option.isRight} onChange={(event) => setOption(index, { isRight: event.currentTarget.checked })} />
            </label>
          )}
          <input
            class="field__input grow"
            dir="auto"
            aria-label={words.option(index + 1)}
            aria-invalid={problemOf(`options.${index}.text`) ? true : undefined}
            placeholder={words.option(index + 1)}
            maxLength={maxOptionLength}
            value={option.text}
            onInput={(event) => setOption(index, { text: event.currentTarget.value })}
          />
          <IconButton label={words.removeOption(index + 1)} disabled={options.length <= 2} onClick={() => set({ options: options.filter((_, other) => other !== index) })}>
            <X aria-hidden="true" size={20} />
          </IconButton>
        </div>
      ))}
      {(problem ?? options.map((_, index) => problemOf(`options.${index}.text`)).find(Boolean)) ? <p class="field__error">{problem ?? options.map((_, index) => problemOf(`options.${index}.text`)).find(Boolean)}</p> : null}
      {options.length < maxQuestionOptions ? (
        <div>
          <Button variant="quiet" onClick={() => set({ options: [...options, newOption()] })}>
            <Plus aria-hidden="true" size={18} />
            {words.addOption}
          </Button>
        </div>
      ) : null}
    </div>
  );
}
