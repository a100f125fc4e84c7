/** `side`: both pictures at the same size; `inset`: one fills the stage, the other lies small on it. */
export type Arrangement = 'side' | 'inset';
export type VideoSlot = 'main' | 'second';

export interface StagePreference {
  arrangement: Arrangement;
  /** The large one of `inset`, the first of `side`. */
  large: VideoSlot;
}

export type Place = 'whole' | 'inset' | 'first' | 'other' | 'hidden';

/** Slides are read, faces are glanced at. */
export const defaultPreference: StagePreference = { arrangement: 'inset', large: 'second' };

/** Where each picture goes, given which of them there are at this moment. */
export function placesOf(preference: StagePreference, present: Readonly<Record<VideoSlot, boolean>>): Record<VideoSlot, Place> {
  if (!present.second) return { main: present.main ? 'whole' : 'hidden', second: 'hidden' };
  if (!present.main) return { main: 'hidden', second: 'whole' };
  const [large, small]: [Place, Place] = preference.arrangement === 'side' ? ['first', 'other'] : ['whole', 'inset'];
  return preference.large === 'main' ? { main: large, second: small } : { main: small, second: large };
}

export function swapped(preference: StagePreference): StagePreference {
  return { ...preference, large: preference.large === 'main' ? 'second' : 'main' };
}

export function rearranged(preference: StagePreference): StagePreference {
  return { ...preference, arrangement: preference.arrangement === 'side' ? 'inset' : 'side' };
}

const storageKey = 'lectern.stage';

export function storedPreference(): StagePreference {
  try {
    return parsePreference(localStorage.getItem(storageKey));
  } catch {
    return defaultPreference;
  }
}

export function storePreference(preference: StagePreference): void {
  try {
    localStorage.setItem(storageKey, `${preference.arrangement} ${preference.large}`);
  } catch {
    // A browser that stores nothing shows the choice until the page is left.
  }
}

export function parsePreference(stored: string | null): StagePreference {
  const [arrangement, large] = (stored ?? '').split(' ');
  const isKnown = (arrangement === 'side' || arrangement === 'inset') && (large === 'main' || large === 'second');
  return isKnown ? { arrangement, large } : defaultPreference;
}
