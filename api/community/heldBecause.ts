import type { Discussion } from '../contract/index.ts';

/** An address with a scheme, a Markdown link, or a domain that people paste without a scheme. */
const link = /https?:\/\/|www\.|\]\([^)]|\b[\p{L}\p{N}-]{2,}\.(?:com|net|org|io|edu|info|biz|ru|cn|xyz|top|club|online|site|link|ly|me)\b/iu;

/** Why a comment waits for a moderator; null when it is shown at once. */
export function heldBecause(text: string, { hold, blockedWords }: Pick<Discussion, 'hold' | 'blockedWords'>): 'all' | 'link' | 'word' | null {
  if (hold === 'all') return 'all';
  if (hold === 'links' && link.test(text)) return 'link';
  return blockedWords.some((word) => hasWord(text, word)) ? 'word' : null;
}

/** The word by itself, in any case and with or without accents: "spam" is in "SPÁM!", and not in "spammer". */
function hasWord(text: string, word: string): boolean {
  const escaped = plain(word).replaceAll(/[.*+?^${}()|[\]\\/-]/g, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`);
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'u').test(plain(text));
}

function plain(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
