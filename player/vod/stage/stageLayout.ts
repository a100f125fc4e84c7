/** `side`: both videos at the same size; `inset`: one fills the stage, the other is small in the corner. */
export type Arrangement = 'side' | 'inset';
export type VideoSlot = 'main' | 'second';

export interface StagePreference {
  arrangement: Arrangement;
  /** The large video of `inset`, the first one of `side`. */
  large: VideoSlot;
}

export type Place = 'whole' | 'inset' | 'first' | 'other' | 'hidden';

/** Slides need more space than the camera. */
export const defaultPreference: StagePreference = { arrangement: 'inset', large: 'second' };

/** The place of each video, given which of them are present. */
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
    // Without storage, the choice lasts until the page is closed.
  }
}

export function parsePreference(stored: string | null): StagePreference {
  const [arrangement, large] = (stored ?? '').split(' ');
  const isKnown = (arrangement === 'side' || arrangement === 'inset') && (large === 'main' || large === 'second');
  return isKnown ? { arrangement, large } : defaultPreference;
}
