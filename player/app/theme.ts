import { effect, signal } from '@preact/signals';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const storageKey = 'lectern.theme';

export const theme = signal<Theme>(storedTheme());

/** Applies the chosen theme and stores it. Call it once, before the first render. */
export function applyTheme(): void {
  effect(() => {
    const chosen = theme.value;
    if (chosen === 'system') document.documentElement.removeAttribute('data-theme');
    else document.documentElement.setAttribute('data-theme', chosen);
    writeStored(chosen);
  });
}

function storedTheme(): Theme {
  try {
    const stored = localStorage.getItem(storageKey);
    return themes.find((known) => known === stored) ?? 'system';
  } catch {
    return 'system';
  }
}

function writeStored(chosen: Theme): void {
  try {
    localStorage.setItem(storageKey, chosen);
  } catch {
    // Without storage, the choice lasts until the page is closed.
  }
}
