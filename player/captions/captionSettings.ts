export const captionSizes = ['small', 'medium', 'large'] as const;
export type CaptionSize = (typeof captionSizes)[number];

/** How a person wants captions, on this device. */
export interface CaptionSettings {
  /** The language that was chosen last; null: captions are off. */
  language: string | null;
  size: CaptionSize;
  hasBackground: boolean;
}

const storageKey = 'lectern.captions';
const defaultSettings: CaptionSettings = { language: null, size: 'medium', hasBackground: true };

export function storedSettings(): CaptionSettings {
  try {
    return parseSettings(localStorage.getItem(storageKey));
  } catch {
    return defaultSettings;
  }
}

export function storeSettings(settings: CaptionSettings): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify(settings));
  } catch {
    // Without storage, the choice lasts until the page is closed.
  }
}

export function parseSettings(stored: string | null): CaptionSettings {
  try {
    const { language, size, hasBackground } = JSON.parse(stored ?? 'null') as Partial<CaptionSettings>;
    return {
      language: typeof language === 'string' ? language : null,
      size: captionSizes.find((each) => each === size) ?? defaultSettings.size,
      hasBackground: typeof hasBackground === 'boolean' ? hasBackground : defaultSettings.hasBackground,
    };
  } catch {
    return defaultSettings;
  }
}
