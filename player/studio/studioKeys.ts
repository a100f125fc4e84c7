export type StudioCommand = 'microphone' | 'camera' | 'screen' | 'air' | 'help';

const commands: Readonly<Record<string, StudioCommand>> = { m: 'microphone', v: 'camera', s: 'screen', p: 'air', '?': 'help' };

export interface StudioKeyPress {
  key: string;
  hasModifier: boolean;
  isRepeated: boolean;
  /** The focus is in a text field, a menu, a dialog or the controls of the video, which use keys themselves. */
  isTaken: boolean;
}

/** What a key does in the studio. */
export function studioCommandOf({ key, hasModifier, isRepeated, isTaken }: StudioKeyPress): StudioCommand | undefined {
  if (hasModifier || isRepeated || isTaken) return undefined;
  return commands[key.toLowerCase()];
}
