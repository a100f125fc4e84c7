import { randomText } from '#engine/kernel';

/** The prefix distinguishes a key from course codes and ids. */
export const keyPrefix = 'sk_';
/** 26 characters of 5 random bits: 130 bits. Without i, l, o and u a key can be read out over the phone. */
const keyCharacters = 26;
export const keyLength = keyPrefix.length + keyCharacters;
const keyPattern = new RegExp(`^${keyPrefix}[0-9a-hjkmnp-tv-z]{${keyCharacters}}$`);
/** A key as people write it: in any case, and with the letters that a key does not have in place of digits. */
const writtenKeyPattern = new RegExp(`${keyPrefix}[0-9a-tv-z]{${keyCharacters}}(?![0-9a-z])`, 'i');

export function newStreamKeyText(): string {
  return `${keyPrefix}${randomText(keyCharacters)}`;
}

export function isStreamKeyText(text: string): boolean {
  return keyPattern.test(text);
}

/** The first stream key in a text, as it was issued. Undefined when there is none. */
export function normalizedKey(text: string): string | undefined {
  const written = writtenKeyPattern.exec(text)?.[0].toLowerCase();
  if (written === undefined) return undefined;
  return keyPrefix + written.slice(keyPrefix.length).replaceAll('o', '0').replaceAll(/[il]/g, '1');
}
