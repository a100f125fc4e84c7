import { effect, signal } from '@preact/signals';
import { Language } from '#api/contract';
import { languageOfBrowser, showLanguage, text } from '../text/index.ts';
import { showTimeZone } from '../text/timeZone.ts';
import { account, accountStore, api } from './services.ts';

const storageKey = 'lectern.language';

/** The language that the user has chosen; null: that of the browser. */
export const chosenLanguage = signal<Language | null>(storedLanguage());

/**
 * Shows the pages in the language and the time zone of the user. A choice of the signed-in account replaces that of the browser.
 * Call it once, before the first render: it resolves when the language is loaded. If it cannot be loaded, the pages are in English.
 */
export async function startLanguage(): Promise<void> {
  await showLanguage(wantedLanguage()).catch(reportError);
  effect(() => {
    document.documentElement.lang = text.locale;
  });
  effect(() => {
    const who = account.value;
    showTimeZone(who?.timeZone ?? null);
    const { language } = who ?? {};
    if (language && language !== chosenLanguage.peek()) void showLanguage(language).then(() => keep(language)).catch(reportError);
  });
}

/** Shows the pages in another language, and keeps the choice in this browser and in the account. @throws if one of both fails */
export async function chooseLanguage(language: Language | null): Promise<void> {
  await showLanguage(language ?? languageOfBrowser());
  keep(language);
  if (account.value) accountStore.replaceAccount(await api.updateProfile({ body: { language } }));
}

/** What a new account begins with: the language of the page and the time zone of the browser. */
export function ownPreferences(): { language: Language; timeZone: string | null } {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  // A browser without a known place reports an offset or nothing.
  return { language: wantedLanguage(), timeZone: /^[A-Za-z]/.test(timeZone) ? timeZone : null };
}

function wantedLanguage(): Language {
  return chosenLanguage.value ?? languageOfBrowser();
}

function keep(language: Language | null): void {
  chosenLanguage.value = language;
  try {
    if (language === null) localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, language);
  } catch {
    // Without storage, the choice lasts until the page is closed.
  }
}

function storedLanguage(): Language | null {
  try {
    return Language.safeParse(localStorage.getItem(storageKey)).data ?? null;
  } catch {
    return null;
  }
}
