export interface TextPart {
  text: string;
  /** Where it leads; undefined for plain words. */
  href: string | undefined;
}

const address = /https?:\/\/[^\s<>"]+/g;
/** Ends a sentence or a bracket rather than an address. */
const trailing = /[.,;:!?'")\]]+$/;

/** A message in pieces, the web addresses in it apart from the words. */
export function linkParts(message: string): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  const addWords = (to: number) => {
    if (to > from) parts.push({ text: message.slice(from, to), href: undefined });
  };
  for (const match of message.matchAll(address)) {
    const text = match[0].replace(trailing, '');
    if (!URL.canParse(text)) continue;
    addWords(match.index);
    parts.push({ text, href: text });
    from = match.index + text.length;
  }
  addWords(message.length);
  return parts;
}
