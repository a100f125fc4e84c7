import type { FocusedControl } from './keyboardMap.ts';

const textInputs = 'input:not([type=range], [type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable=""], [contenteditable=true]';
const pressables = 'button, a[href], summary, input, [role=button], [role=tab], [role^=menuitem]';

/** The kind of control that has the focus, also inside shadow roots. */
export function focusedControl(event: KeyboardEvent): FocusedControl {
  const target = event.composedPath()[0];
  if (!(target instanceof HTMLElement)) return 'page';
  if (target.matches(textInputs)) return 'text';
  if (target.matches('input[type=range]')) return 'slider';
  if (target.matches(pressables)) return 'button';
  return target.matches('[data-scroller]') ? 'scroller' : 'page';
}
