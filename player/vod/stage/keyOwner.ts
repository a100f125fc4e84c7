import type { KeyOwner } from './keyboardMap.ts';

const textual = 'input:not([type=range], [type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable=""], [contenteditable=true]';
const pressable = 'button, a[href], summary, input, [role=button], [role=tab], [role^=menuitem]';

/** Whose key a keyboard event is, by what has the focus. Looks into the shadow roots of the controls. */
export function keyOwner(event: KeyboardEvent): KeyOwner {
  const target = event.composedPath()[0];
  if (!(target instanceof HTMLElement)) return 'page';
  if (target.matches(textual)) return 'text';
  if (target.matches('input[type=range]')) return 'slider';
  if (target.matches(pressable)) return 'button';
  return target.matches('[data-scroller]') ? 'scroller' : 'page';
}
