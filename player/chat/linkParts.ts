export interface TextPart {
  text: string;
  /** The URL; undefined for plain text. */
  href: string | undefined;
}

const address = /https?:\/\/[^\s<>"]+/g;
/** Punctuation that ends the sentence or closes a bracket; not part of the URL. */
const trailing = /[.,;:!?'")\]]+$/;

/** Splits a message into plain text and links. */
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
