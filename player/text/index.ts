import { signal } from '@preact/signals';
import type { Language } from '#api/contract';
import { en } from './en.ts';
import { translate } from './serverSentences.ts';
import type { LanguageTexts, Text } from './Text.ts';

export type { Text } from './Text.ts';

/** English is part of the first download, and what a language that cannot be loaded falls back to. */
export const languages: Readonly<Record<Language, () => Promise<LanguageTexts>>> = {
  en: async () => ({ text: en, serverSentences: [] }),
  es: async () => (await import('./es.ts')).es,
};

/** Each language in its own words. */
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', es: 'Español' };

const shown = signal<LanguageTexts>({ text: en, serverSentences: [] });

/**
 * The texts in the language of the page. A component that reads them is rendered again when the language changes. They are
 * therefore read inside functions, and never kept in a constant of a module.
 */
export const text: Text = liveTexts();

/** Loads a language and shows the pages in it. @throws if it cannot be loaded; the language then stays as it is */
export async function showLanguage(language: Language): Promise<void> {
  lastAsked = language;
  const texts = await languages[language]();
  if (lastAsked === language) shown.value = texts;
}

let lastAsked: Language = 'en';

/** What the server says, in the language of the page; undefined if there is no translation. */
export function translated(sentence: string): string | undefined {
  return text.locale === en.locale ? sentence : translate(sentence, shown.value.serverSentences);
}

/** The language that the browser asks for first among those of the pages. */
export function languageOfBrowser(wanted: readonly string[] = typeof navigator === 'undefined' ? [] : navigator.languages): Language {
  const known = Object.keys(languages) as Language[];
  const found = wanted.map((tag) => known.find((language) => language === tag.split('-')[0]?.toLowerCase())).find((language) => language !== undefined);
  return found ?? 'en';
}

function liveTexts(): Text {
  const getters = Object.keys(en).map((key) => [key, { enumerable: true, get: () => shown.value.text[key as keyof Text] }] as const);
  return Object.defineProperties({}, Object.fromEntries(getters)) as Text;
}
