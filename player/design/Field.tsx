import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';
import './Field.css';

interface Labelled {
  label: string;
  hint?: ComponentChildren;
  error?: string | undefined;
}

type TextFieldProps = Labelled & { onValue: (value: string) => void } & Omit<JSX.InputHTMLAttributes, 'label' | 'onInput' | 'id'>;

export function TextField({ label, hint, error, onValue, ...input }: TextFieldProps) {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <input
        dir="auto"
        {...input}
        {...described({ id, hint, error })}
        class="field__input"
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </Frame>
  );
}

type TextAreaProps = Labelled & { onValue: (value: string) => void } & Omit<JSX.TextareaHTMLAttributes, 'label' | 'onInput' | 'id'>;

export function TextArea({ label, hint, error, onValue, ...area }: TextAreaProps) {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <textarea
        dir="auto"
        {...area}
        {...described({ id, hint, error })}
        class="field__input"
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </Frame>
  );
}

export interface Choice {
  value: string;
  label: string;
}

type SelectProps = Labelled & { value: string; choices: readonly Choice[]; onValue: (value: string) => void; disabled?: boolean };

export function Select({ label, hint, error, value, choices, onValue, disabled }: SelectProps) {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <select
        {...described({ id, hint, error })}
        class="field__input"
        value={value}
        disabled={disabled}
        onChange={(event) => onValue(event.currentTarget.value)}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value} selected={choice.value === value}>
            {choice.label}
          </option>
        ))}
      </select>
    </Frame>
  );
}

type CheckProps = { label: string; hint?: string; isChecked: boolean; onChecked: (isChecked: boolean) => void; disabled?: boolean };

export function Checkbox({ label, hint, isChecked, onChecked, disabled }: CheckProps) {
  return (
    <label class="check">
      <input type="checkbox" checked={isChecked} disabled={disabled} onChange={(event) => onChecked(event.currentTarget.checked)} />
      <span>
        <span class="field__label">{label}</span>
        {hint ? <span class="field__hint">{hint}</span> : null}
      </span>
    </label>
  );
}

/** The error replaces the hint. */
function Frame({ id, label, hint, error, children }: Labelled & { id: string; children: ComponentChildren }) {
  return (
    <div class="field">
      <label class="field__label" for={id}>
        {label}
      </label>
      {children}
      {hint && !error ? (
        <span class="field__hint" id={`${id}-hint`}>
          {hint}
        </span>
      ) : null}
      {error ? (
        <span class="field__error" id={`${id}-error`}>
          {error}
        </span>
      ) : null}
    </div>
  );
}

function described({ id, hint, error }: { id: string; hint?: ComponentChildren; error?: string | undefined }) {
  const hintId = hint ? `${id}-hint` : undefined;
  return { id, 'aria-invalid': error ? true : undefined, 'aria-describedby': error ? `${id}-error` : hintId };
}
