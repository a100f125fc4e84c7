import type { Choice } from '../../design/index.ts';
import { languageName } from '../../text/format.ts';
import { text } from '../../text/index.ts';

/** Languages that courses are taught in. One that is set by the API is added to them. */
const taught = ['ar', 'cs', 'da', 'de', 'el', 'en', 'es', 'fa', 'fi', 'fr', 'he', 'hi', 'hu', 'id', 'it', 'ja', 'ko', 'nb', 'nl', 'pl', 'pt', 'pt-BR', 'ro', 'ru', 'sv', 'th', 'tr', 'uk', 'vi', 'zh-Hans', 'zh-Hant'];

export function languageChoices(current: string | null): Choice[] {
  const tags = current === null || taught.includes(current) ? taught : [...taught, current];
  const named = tags.map((value) => ({ value, label: languageName(value) })).sort((a, b) => a.label.localeCompare(b.label));
  return [{ value: '', label: text.courses.noLanguage }, ...named];
}

/** The time zones that the browser knows, with the one that is set. */
export function timeZoneChoices(current: string): Choice[] {
  const known = Intl.supportedValuesOf('timeZone');
  return [...new Set(['UTC', current, ...known])].sort().map((value) => ({ value, label: value.replaceAll('_', ' ') }));
}

/** That of this device. */
export function deviceTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
