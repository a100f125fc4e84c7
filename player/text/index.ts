import { en } from './en.ts';

/** The same keys with any strings: the type of every language. */
type Worded<T> = T extends string
  ? string
  : T extends (...given: infer Given) => string
    ? (...given: Given) => string
    : T extends readonly (infer Item)[]
      ? readonly Worded<Item>[]
      : { readonly [K in keyof T]: Worded<T[K]> };

export type Text = Worded<typeof en>;

export const languages = { en } as const satisfies Record<string, Text>;

export const text: Text = chooseLanguage(typeof navigator === 'undefined' ? [] : navigator.languages);

function chooseLanguage(wanted: readonly string[]): Text {
  const known: Readonly<Record<string, Text>> = languages;
  const found = wanted.map((tag) => known[tag.slice(0, 2).toLowerCase()]).find((candidate) => candidate !== undefined);
  return found ?? en;
}
