import { ArrowDown, ArrowUp } from 'lucide-preact';
import { useId } from 'preact/hooks';
import { maxAnswerLength } from '#api/contract';
import type { Answer, AskedQuestion } from '#api/contract';
import { Button, IconButton } from '../design/index.ts';
import { text } from '../text/index.ts';
import { moved } from './moved.ts';

interface QuestionFieldProps {
  question: AskedQuestion;
  answer: Answer | null;
  labelledBy: string;
  isDisabled?: boolean;
  onAnswer: (answer: Answer | null) => void;
}

/** What a person answers a question with. */
export function QuestionField(props: QuestionFieldProps) {
  switch (props.question.kind) {
    case 'single':
    case 'multiple':
      return <Choices {...props} />;
    case 'ordering':
      return <Order {...props} />;
    case 'numeric':
      return <NumberField {...props} />;
    case 'text':
      return <Words {...props} />;
  }
}

function Choices({ question, answer, labelledBy, isDisabled, onAnswer }: QuestionFieldProps) {
  const name = useId();
  const isSingle = question.kind === 'single';
  const chosen = answer?.kind === 'multiple' ? answer.optionIds : answer?.kind === 'single' ? [answer.optionId] : [];
  const choose = (id: string, isChecked: boolean) => {
    if (isSingle) return onAnswer({ kind: 'single', optionId: id });
    const next = question.options.map((option) => option.id).filter((each) => (each === id ? isChecked : chosen.includes(each)));
    onAnswer(next.length === 0 ? null : { kind: 'multiple', optionIds: next });
  };
  return (
    <div class="question__options" role={isSingle ? 'radiogroup' : 'group'} aria-labelledby={labelledBy}>
      {question.options.map((option) => (
        <label key={option.id} class="question__option">
          <input type={isSingle ? 'radio' : 'checkbox'} name={name} checked={chosen.includes(option.id)} disabled={isDisabled} onChange={(event) => choose(option.id, event.currentTarget.checked)} />
          <span dir="auto">{option.text}</span>
        </label>
      ))}
    </div>
  );
}

function Order({ question, answer, labelledBy, isDisabled, onAnswer }: QuestionFieldProps) {
  const ids = answer?.kind === 'ordering' ? answer.optionIds : question.options.map(({ id }) => id);
  const texts = new Map(question.options.map((option) => [option.id, option.text]));
  const move = (from: number, by: -1 | 1) => onAnswer({ kind: 'ordering', optionIds: moved(ids, from, by) });
  return (
    <div class="question__options">
      <ol class="question__order" aria-labelledby={labelledBy}>
        {ids.map((id, index) => (
          <li key={id} class="question__item">
            <span class="tabular quiet">{index + 1}</span>
            <span class="grow" dir="auto">
              {texts.get(id)}
            </span>
            <IconButton label={text.quizzes.taking.moveUp(texts.get(id) ?? '')} disabled={isDisabled || index === 0} onClick={() => move(index, -1)}>
              <ArrowUp aria-hidden="true" size={20} />
            </IconButton>
            <IconButton label={text.quizzes.taking.moveDown(texts.get(id) ?? '')} disabled={isDisabled || index === ids.length - 1} onClick={() => move(index, 1)}>
              <ArrowDown aria-hidden="true" size={20} />
            </IconButton>
          </li>
        ))}
      </ol>
      {answer === null && !isDisabled ? (
        <div>
          <Button onClick={() => onAnswer({ kind: 'ordering', optionIds: ids })}>{text.quizzes.taking.orderDo}</Button>
        </div>
      ) : null}
    </div>
  );
}

function NumberField({ question, answer, labelledBy, isDisabled, onAnswer }: QuestionFieldProps) {
  return (
    <label class="question__number">
      <input
        class="field__input"
        type="number"
        step="any"
        inputMode="decimal"
        aria-labelledby={labelledBy}
        disabled={isDisabled}
        defaultValue={answer?.kind === 'numeric' ? String(answer.value) : ''}
        onInput={({ currentTarget: { valueAsNumber } }) => onAnswer(Number.isFinite(valueAsNumber) ? { kind: 'numeric', value: valueAsNumber } : null)}
      />
      <span>{question.unit}</span>
    </label>
  );
}

function Words({ answer, labelledBy, isDisabled, onAnswer }: QuestionFieldProps) {
  return (
    <textarea
      class="field__input"
      dir="auto"
      rows={2}
      maxLength={maxAnswerLength}
      aria-labelledby={labelledBy}
      disabled={isDisabled}
      defaultValue={answer?.kind === 'text' ? answer.text : ''}
      onInput={({ currentTarget: { value } }) => onAnswer(value.trim() === '' ? null : { kind: 'text', text: value })}
    />
  );
}
