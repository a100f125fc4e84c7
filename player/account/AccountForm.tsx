import type { ComponentChildren } from 'preact';
import { ActionForm } from '../app/ActionForm.tsx';
import type { Action } from '../app/useAction.ts';
import { Button } from '../design/index.ts';

interface AccountFormProps {
  title: string;
  intro?: string;
  submitLabel: string;
  action: Action<[]>;
  children: ComponentChildren;
  after?: ComponentChildren;
}

/** Page layout of the sign-in, sign-up and setup forms. */
export function AccountForm({ title, intro, submitLabel, action, children, after }: AccountFormProps) {
  return (
    <div class="page page--narrow">
      <div class="stack-tight">
        <h1>{title}</h1>
        {intro ? <p class="quiet">{intro}</p> : null}
      </div>
      <ActionForm action={action}>
        {children}
        <Button type="submit" variant="primary" size="large" isWide isBusy={action.isBusy}>
          {submitLabel}
        </Button>
      </ActionForm>
      {after}
    </div>
  );
}
