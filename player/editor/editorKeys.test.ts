import { expect, it } from 'vitest';
import { text } from '../text/index.ts';
import type { FocusedControl } from '../vod/stage/keyboardMap.ts';
import { editorCommandOf } from './editorKeys.ts';

const press = (key: string, focused: FocusedControl = 'page', hasModifier = false) => editorCommandOf({ key, focused, hasModifier });

it('plays, marks, cuts and undoes by keyboard', () => {
  expect([' ', 'I', 'o', 'x', 'm', 'z'].map((key) => press(key)?.kind)).toEqual(['toggle', 'markIn', 'markOut', 'cut', 'chapter', 'undo']);
  expect(press('ArrowLeft')).toEqual({ kind: 'seekBy', ms: -1000 });
  expect(press('z', 'page', true)).toEqual({ kind: 'undo' });
});

it('leaves text, focused controls and the browser their keys', () => {
  expect([press('x', 'text'), press('z', 'text', true), press(' ', 'button'), press('ArrowUp', 'scroller'), press('x', 'page', true)]).toEqual([undefined, undefined, undefined, undefined, undefined]);
});

it('lists its keys in the help', () => {
  const names: Record<string, string> = { Space: ' ', '←': 'ArrowLeft', '→': 'ArrowRight', '↑': 'ArrowUp', '↓': 'ArrowDown', '−': '-', Esc: 'Escape' };
  for (const key of text.editor.keys.flatMap(({ keys }) => keys.split(' '))) expect(press(names[key] ?? key), key).toBeDefined();
});
