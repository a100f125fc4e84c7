import { Languages } from 'lucide-preact';
import { Language } from '#api/contract';
import { Menu, showToast } from '../design/index.ts';
import type { MenuItem } from '../design/index.ts';
import { languageNames, text } from '../text/index.ts';
import { sentenceFor } from '../text/sentenceFor.ts';
import { chooseLanguage } from './language.ts';

/** The languages as choices of a menu, each in its own words. */
export function languageItems(): MenuItem[] {
  return Language.options.map((language) => ({
    key: language,
    label: languageNames[language],
    lang: language,
    isChecked: text.locale === language,
    onSelect: () => {
      chooseLanguage(language).catch((error: unknown) => showToast({ text: sentenceFor(error), tone: 'danger' }));
    },
  }));
}

export function LanguageMenu() {
  return <Menu label={text.shell.language} isIconOnly trigger={<Languages aria-hidden="true" />} items={languageItems()} head={text.shell.language} />;
}
