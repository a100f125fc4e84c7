/** A sentence of the server in English, or its pattern, and the sentence in another language. The groups of the pattern are passed on. */
type Translation = readonly [english: string | RegExp, translated: string | ((...groups: (string | undefined)[]) => string)];

/** Sentences that the server writes in English, for pages in another language. */
export type ServerSentences = readonly Translation[];

/** The translation of a sentence; undefined if there is none. */
export function translate(sentence: string, sentences: ServerSentences): string | undefined {
  for (const [english, translated] of sentences) {
    const groups = typeof english === 'string' ? (english === sentence ? [] : undefined) : english.exec(sentence)?.slice(1);
    if (groups) return typeof translated === 'string' ? translated : translated(...groups);
  }
  return undefined;
}
