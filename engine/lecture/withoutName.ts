/** What the log says about a person. */
export interface NamedPerson {
  /** The names that the person had. */
  names: readonly string[];
  /** Addresses and ids of the person. */
  marks: readonly string[];
}

const replacement = '[…]';

/**
 * A message without the names, addresses and ids of a person. In messages of others, only full names are removed: a single word may
 * mean somebody or something else.
 */
export function withoutName(text: string, { names, marks }: NamedPerson, isOwn: boolean): string {
  const removed = [...marks, ...names.filter((name) => isOwn || name.includes(' '))].filter((part) => part !== '');
  // The longest first: a name may contain another one.
  return removed.toSorted((a, b) => b.length - a.length).reduce((shown, part) => shown.replace(asWords(part), replacement), text);
}

function asWords(part: string): RegExp {
  const escaped = part.replace(/[.*+?^${}()|[\]\\/-]/gu, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`);
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'giu');
}
