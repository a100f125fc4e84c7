/** Alphabets with letters that look like those of another one: Latin a, Cyrillic а, Greek α (Unicode Technical Standard 39). */
const alphabets = ['Latin', 'Cyrillic', 'Greek', 'Armenian', 'Cherokee', 'Coptic', 'Lisu', 'Deseret'].map((script) => new RegExp(`\\p{Script=${script}}`, 'u'));

/** Whether a word of the text has letters of two alphabets that look alike. */
export function mixesAlphabets(text: string): boolean {
  const words = text.split(/[^\p{L}\p{M}\p{N}]+/u);
  return words.some((word) => alphabets.filter((alphabet) => alphabet.test(word)).length > 1);
}

/**
 * An address as it is compared and stored: without spaces around it, in lower case, and in the compatible form of its characters
 * (full-width and mathematical letters are plain ones). A domain in letters beyond ASCII is in its ASCII form (RFC 5891): `xn--…`. A
 * domain that mixes alphabets, or that cannot be one, stays as it is.
 */
export function plainEmail(text: string): string {
  const email = text.normalize('NFKC').trim().toLowerCase();
  const at = email.lastIndexOf('@');
  const domain = email.slice(at + 1);
  if (at < 1 || /^[\x00-\x7f]*$/.test(domain) || mixesAlphabets(domain) || /[\s/?#:\\@[\]]/.test(domain)) return email;
  const url = `http://${domain}`;
  return URL.canParse(url) ? `${email.slice(0, at)}@${new URL(url).hostname}` : email;
}
