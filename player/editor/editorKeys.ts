import type { FocusedControl, KeyPress } from '../vod/stage/keyboardMap.ts';

export type EditorCommand =
  | { kind: 'toggle' | 'markIn' | 'markOut' | 'unmark' | 'cut' | 'chapter' | 'cue' | 'undo' | 'zoomIn' | 'zoomOut' | 'fit' | 'help' }
  | { kind: 'seekBy'; ms: number }
  | { kind: 'edge'; step: 1 | -1 };

/** One frame of 25 frames/s. */
const frameMs = 40;

const commands: Readonly<Record<string, EditorCommand>> = {
  ' ': { kind: 'toggle' },
  k: { kind: 'toggle' },
  j: { kind: 'seekBy', ms: -10_000 },
  l: { kind: 'seekBy', ms: 10_000 },
  ArrowLeft: { kind: 'seekBy', ms: -1000 },
  ArrowRight: { kind: 'seekBy', ms: 1000 },
  ',': { kind: 'seekBy', ms: -frameMs },
  '.': { kind: 'seekBy', ms: frameMs },
  ArrowUp: { kind: 'edge', step: -1 },
  ArrowDown: { kind: 'edge', step: 1 },
  i: { kind: 'markIn' },
  o: { kind: 'markOut' },
  Escape: { kind: 'unmark' },
  x: { kind: 'cut' },
  m: { kind: 'chapter' },
  n: { kind: 'cue' },
  z: { kind: 'undo' },
  '+': { kind: 'zoomIn' },
  '=': { kind: 'zoomIn' },
  '-': { kind: 'zoomOut' },
  '0': { kind: 'fit' },
  '?': { kind: 'help' },
};

const own: Readonly<Record<FocusedControl, readonly string[]>> = {
  page: [],
  text: [],
  button: [' ', 'Enter'],
  slider: ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'],
  scroller: [' ', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown'],
};

/** What a key does in the editor; undefined for one that belongs to the focused control, the player or the browser. Ctrl+Z undoes, too. */
export function editorCommandOf({ key, hasModifier, focused }: KeyPress): EditorCommand | undefined {
  if (focused === 'text' || own[focused].includes(key)) return undefined;
  const name = key.length === 1 ? key.toLowerCase() : key;
  if (hasModifier) return name === 'z' ? commands.z : undefined;
  return commands[name];
}
