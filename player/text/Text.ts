import type { en } from './en.ts';
import type { ServerSentences } from './serverSentences.ts';

/** The same keys with any strings. */
type Worded<T> = T extends string
  ? string
  : T extends (...given: infer Given) => string
    ? (...given: Given) => string
    : T extends readonly (infer Item)[]
      ? readonly Worded<Item>[]
      : { readonly [K in keyof T]: Worded<T[K]> };

/** The texts of the pages: the type of every language. */
export type Text = Worded<typeof en>;

export interface LanguageTexts {
  text: Text;
  /** None in English, the language of the server. */
  serverSentences: ServerSentences;
}
