/**
 * Words of people inside a sentence, which may be written from right to left: the sentence around them keeps its order
 * (first strong isolate, Unicode UAX #9).
 */
export function isolate(words: string): string {
  return `\u2068${words}\u2069`;
}
