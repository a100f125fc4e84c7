import type { ComponentChildren } from 'preact';
import { Notice } from '../design/index.ts';
import type { Action } from './useAction.ts';

interface ActionFormProps {
  action: Action<[]>;
  title?: string;
  class?: string;
  children: ComponentChildren;
}

/** A form that runs an action on submit and shows its problem above the fields. */
export function ActionForm({ action, title, class: more, children }: ActionFormProps) {
  return (
    <form
      class={more ? `form ${more}` : 'form'}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        action.run();
      }}
    >
      {title ? <h2>{title}</h2> : null}
      {action.problem ? <Notice tone="danger">{action.problem}</Notice> : null}
      {children}
    </form>
  );
}
