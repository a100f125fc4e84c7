import { excerptLength } from '../contract/index.ts';

/** The beginning of a Markdown text, without its marks and the addresses of its links, in one line. */
export function excerpt(markdown: string): string {
  const plain = markdown
    .slice(0, 4 * excerptLength)
    .replace(/<\/?[a-z][^<>]{0,200}>/gi, '')
    .replace(/!?\[([^\]]{0,200})\]\([^)]{0,500}\)/g, '$1')
    .replace(/^[ \t]*(?:#{1,6}|>|[-*+]|\d{1,3}[.)])[ \t]+/gm, '')
    .replace(/[*_`~|]{1,3}/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (plain.length <= excerptLength) return plain;
  const cut = plain.slice(0, excerptLength - 1).toWellFormed();
  const words = cut.replace(/\S*$/u, '').replace(/[\s.,;:!?–-]+$/u, '');
  return `${words === '' ? cut : words}…`;
}
