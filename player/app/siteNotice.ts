import { signal } from '@preact/signals';
import type { SiteNotice } from '#api/contract';
import { api } from './services.ts';

/** How often open pages ask for it, in ms. */
const refreshMs = 30_000;

/** What the site tells everybody; undefined until the first answer. It stays while the server cannot be reached. */
export const siteNotice = signal<SiteNotice | undefined>(undefined);

async function refresh(): Promise<void> {
  try {
    siteNotice.value = await api.getSiteNotice();
  } catch {
    // The pages say on their own when the server cannot be reached.
  }
}

/** Asks now, at intervals while the page is visible, and when it becomes visible again. Returns the function that stops it. */
export function followSiteNotice(): () => void {
  const refreshIfVisible = () => {
    if (document.visibilityState === 'visible') void refresh();
  };
  void refresh();
  const timer = setInterval(refreshIfVisible, refreshMs);
  document.addEventListener('visibilitychange', refreshIfVisible);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', refreshIfVisible);
  };
}

/** Asks again: this page has changed the settings. */
export const refreshSiteNotice = refresh;
