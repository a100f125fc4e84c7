export type StudioMode = 'browser' | 'obs';

const storageKey = 'lectern.studioMode';

/** The mode that was used last. OBS users are not asked for the camera again. */
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
    // Without storage, the studio starts in browser mode next time.
  }
}
