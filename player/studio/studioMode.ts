export type StudioMode = 'browser' | 'obs';

const storageKey = 'lectern.studioMode';

/** How this person last gave a lecture: asking an OBS user for the camera would be a nuisance. */
export function storedMode(): StudioMode {
  try {
    return localStorage.getItem(storageKey) === 'obs' ? 'obs' : 'browser';
  } catch {
    return 'browser';
  }
}

export function storeMode(mode: StudioMode): void {
  try {
    localStorage.setItem(storageKey, mode);
  } catch {
    // A browser that stores nothing asks again next time.
  }
}
