/**
 * Why a PDF cannot be shown: `broken` is no PDF that can be read, `encrypted` needs a password, `tooLarge` would take the memory of the
 * device, `unreachable` could not be loaded.
 */
export type PdfProblem = 'broken' | 'encrypted' | 'tooLarge' | 'unreachable';

/** Bytes of a PDF that a page shows: pdf.js holds all of it in memory, and a phone ends a page that takes some hundred megabytes. */
export const maxShownPdfBytes = 64 * 2 ** 20;

/** What the exception of pdf.js means for a reader. */
export function pdfProblemOf(error: unknown): PdfProblem {
  const name = error instanceof Error ? error.name : '';
  if (name === 'PasswordException') return 'encrypted';
  if (name === 'ResponseException' || error instanceof TypeError) return 'unreachable';
  return 'broken';
}
