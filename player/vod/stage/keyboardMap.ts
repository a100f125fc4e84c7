export type PlayerCommand =
  | { kind: 'toggle' | 'mute' | 'fullscreen' | 'captions' | 'swap' | 'arrange' | 'copyLink' | 'help' }
  | { kind: 'seekBy'; seconds: number }
  | { kind: 'seekToPart'; part: number }
  | { kind: 'chapterBy'; step: 1 | -1 }
  | { kind: 'volumeBy'; amount: number }
  | { kind: 'faster' | 'slower' };

/** The kind of control that has the focus. It keeps the keys that it uses itself. */
export type FocusedControl = 'page' | 'text' | 'button' | 'slider' | 'scroller';

export interface KeyPress {
  key: string;
  hasModifier: boolean;
  focused: FocusedControl;
}

const commands: Readonly<Record<string, PlayerCommand>> = {
  ' ': { kind: 'toggle' },
  k: { kind: 'toggle' },
  j: { kind: 'seekBy', seconds: -10 },
  l: { kind: 'seekBy', seconds: 10 },
  n: { kind: 'chapterBy', step: 1 },
  p: { kind: 'chapterBy', step: -1 },
  ArrowLeft: { kind: 'seekBy', seconds: -5 },
  ArrowRight: { kind: 'seekBy', seconds: 5 },
  ArrowUp: { kind: 'volumeBy', amount: 0.05 },
  ArrowDown: { kind: 'volumeBy', amount: -0.05 },
  Home: { kind: 'seekToPart', part: 0 },
  End: { kind: 'seekToPart', part: 1 },
  m: { kind: 'mute' },
  f: { kind: 'fullscreen' },
  c: { kind: 'captions' },
  s: { kind: 'swap' },
  v: { kind: 'arrange' },
  y: { kind: 'copyLink' },
  '>': { kind: 'faster' },
  '<': { kind: 'slower' },
  '?': { kind: 'help' },
};

const arrows = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'];
const reservedKeys: Readonly<Record<FocusedControl, readonly string[]>> = {
  page: [],
  text: [],
  button: [' ', 'Enter'],
  slider: arrows,
  scroller: [' ', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown'],
};

/** The player command of a key; undefined without one. */
export function commandOf({ key, hasModifier, focused }: KeyPress): PlayerCommand | undefined {
  if (hasModifier || focused === 'text') return undefined;
  if (reservedKeys[focused].includes(key)) return undefined;
  if (/^[0-9]$/.test(key)) return { kind: 'seekToPart', part: Number(key) / 10 };
  return commands[key.length === 1 ? key.toLowerCase() : key];
}
