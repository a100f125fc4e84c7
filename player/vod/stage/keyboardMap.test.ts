import { expect, it } from 'vitest';
import { text } from '../../text/index.ts';
import { commandOf } from './keyboardMap.ts';
import type { FocusedControl } from './keyboardMap.ts';

const press = (key: string, focused: FocusedControl = 'page', hasModifier = false) => commandOf({ key, focused, hasModifier });

it('maps the usual keys of video players', () => {
  expect(press(' ')).toEqual({ kind: 'toggle' });
  expect(press('k')).toEqual({ kind: 'toggle' });
  expect(press('j')).toEqual({ kind: 'seekBy', seconds: -10 });
  expect(press('l')).toEqual({ kind: 'seekBy', seconds: 10 });
  expect(press('ArrowRight')).toEqual({ kind: 'seekBy', seconds: 5 });
  expect(press('ArrowDown')).toEqual({ kind: 'volumeBy', amount: -0.05 });
  expect(press('y')).toEqual({ kind: 'copyLink' });
  expect(press('n')).toEqual({ kind: 'chapterBy', step: 1 });
  expect(press('p')).toEqual({ kind: 'chapterBy', step: -1 });
  expect(press('<')).toEqual({ kind: 'slower' });
  expect(press('7')).toEqual({ kind: 'seekToPart', part: 0.7 });
});

it('accepts letters with caps lock on', () => {
  expect(press('F')).toEqual({ kind: 'fullscreen' });
});

it('ignores every key in text inputs', () => {
  for (const key of [' ', 'k', 'm', '3', '?', 'ArrowLeft']) expect(press(key, 'text')).toBeUndefined();
});

it('ignores browser shortcuts', () => {
  expect(press('f', 'page', true)).toBeUndefined();
});

it('leaves the keys that buttons, sliders and lists use to them, and takes the others', () => {
  expect(press(' ', 'button')).toBeUndefined();
  expect(press('k', 'button')).toEqual({ kind: 'toggle' });
  expect(press('ArrowLeft', 'slider')).toBeUndefined();
  expect(press(' ', 'slider')).toEqual({ kind: 'toggle' });
  expect(press('ArrowUp', 'scroller')).toBeUndefined();
  expect(press('ArrowLeft', 'scroller')).toEqual({ kind: 'seekBy', seconds: -5 });
});

it('lists every key in the help', () => {
  const listed = text.watch.keyboard.keys.flatMap(({ keys }) => keys.split(', '));
  const names: Record<string, string> = { Space: ' ', '←': 'ArrowLeft', '→': 'ArrowRight', '↑': 'ArrowUp', '↓': 'ArrowDown', '0 to 9': '5' };
  for (const key of listed) expect(press(names[key] ?? key), key).toBeDefined();
});
