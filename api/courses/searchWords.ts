/** Characters of an indexed word; a longer one is found by its beginning. */
const maxWordLength = 40;

/** Words that a text is searched by. The longest title has fewer. */
const maxWords = 120;

/** Scripts without spaces between words: each character is searched as a word. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;

/** The words of a text as the search compares them: without accents, case and punctuation, each once. */
export function searchWords(text: string): string[] {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(unspaced, ' $& ');
  const words = plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '').map((word) => word.slice(0, maxWordLength).toWellFormed());
  return [...new Set(words)].slice(0, maxWords);
}

/** Every searched word is the beginning of one of these. */
export function matchesWords(words: readonly string[], searched: readonly string[]): boolean {
  return searched.every((start) => words.some((word) => word.startsWith(start)));
}
