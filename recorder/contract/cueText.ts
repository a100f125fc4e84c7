import { cleanLine, cleanText } from '#engine/contract';

/** An element of the text of a cue (WebVTT §3.4). `name`: who speaks, of `v`. */
export interface CueElement {
  tag: 'b' | 'i' | 'u' | 'ruby' | 'rt' | 'v';
  name: string;
  children: CueNode[];
}

/** Text as it is read, or an element. */
export type CueNode = string | CueElement;

/** Elements within each other. Deeper ones lose their tag. */
const maxDepth = 8;
/** What is removed can leave something else to be removed. A text that is still not clean after this loses its markup. */
const maxRounds = 5;
/** Characters of the name of a speaker. */
const maxNameLength = 80;
const tagPattern = /<(\/?)([a-z][a-z0-9]*)([.\s][^<>]*)?\/?>|<[\d:.]+>/iy;
const entityPattern = /&(?:(amp|lt|gt|nbsp|quot|apos|lrm|rlm)|#(\d{1,7})|#x([\da-f]{1,6}));/gi;
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', nbsp: '\u00a0', quot: '"', apos: "'", lrm: '', rlm: '' };
/** Their content is no text. */
const hiddenElements: ReadonlySet<string> = new Set(['script', 'style']);

/**
 * The text of a cue as it is stored and sent: WebVTT with `b`, `i`, `u`, `v`, `ruby` and `rt`; every other markup is removed, scripts with
 * their content. Cleaning it again changes nothing. Empty if it shows nothing.
 */
export function cleanCueText(text: string): string {
  let cleaned = text;
  for (let round = 0; round < maxRounds; round += 1) {
    const before = cleaned;
    cleaned = cleanOnce(before);
    if (cleaned === before) return cleaned;
  }
  return escape(plainCueText(cleaned));
}

function cleanOnce(text: string): string {
  // An empty line would end the cue.
  const lines = writeNodes(parseCueText(text)).split(/[\n\r]/u).map((line) => cleanText(line.replaceAll('\t', ' '))).filter((line) => line !== '');
  const written = lines.join('\n');
  return cleanText(plainCueText(written)) === '' ? '' : written;
}

/** The text of a cue without markup, as a person reads it: for searching, for transcripts, and for screen readers. */
export function plainCueText(text: string): string {
  return plainTextOf(parseCueText(text)).trim();
}

/** The text of a cue as a tree. It accepts everything; what is no markup is text. The time is linear in the length. */
export function parseCueText(text: string): CueNode[] {
  const root: CueNode[] = [];
  const open: CueElement[] = [];
  const add = (node: CueNode) => void (open.at(-1)?.children ?? root).push(node);
  for (let at = 0; at < text.length; ) {
    const next = text.indexOf('<', at);
    const end = next === -1 ? text.length : next;
    if (end > at) add(decode(text.slice(at, end)));
    at = next === -1 ? end : readTag(text, next, { open, add });
  }
  return root;
}

/** Returns where the text goes on. */
function readTag(text: string, at: number, { open, add }: { open: CueElement[]; add: (node: CueNode) => void }): number {
  tagPattern.lastIndex = at;
  const [tag, slash, name, rest = ''] = tagPattern.exec(text) ?? [];
  if (tag === undefined) add('<');
  const end = at + (tag?.length ?? 1);
  if (name === undefined) return end;
  if (slash === '/') close(open, name.toLowerCase());
  else if (hiddenElements.has(name.toLowerCase())) return endOf(text, name, end);
  else start(open, { name: name.toLowerCase(), rest }, add);
  return end;
}

function start(open: CueElement[], { name, rest }: { name: string; rest: string }, add: (node: CueNode) => void): void {
  const tag = tagOf(name);
  if (tag === undefined || open.length >= maxDepth || (tag === 'rt' && !open.some((element) => element.tag === 'ruby'))) return;
  const speaker = tag === 'v' ? cleanLine(decode(rest.replace(/^[^\s]*/u, ''))).slice(0, maxNameLength).trim() : '';
  if (tag === 'v' && speaker === '') return;
  const element: CueElement = { tag, name: speaker, children: [] };
  add(element);
  open.push(element);
}

function close(open: CueElement[], name: string): void {
  const index = open.findLastIndex(({ tag }) => tag === name);
  if (index !== -1) open.length = index;
}

function tagOf(name: string): CueElement['tag'] | undefined {
  return name === 'b' || name === 'i' || name === 'u' || name === 'ruby' || name === 'rt' || name === 'v' ? name : undefined;
}

function endOf(text: string, name: string, from: number): number {
  const end = new RegExp(`</${name}[^<>]*>`, 'gi');
  end.lastIndex = from;
  return end.exec(text) ? end.lastIndex : text.length;
}

function decode(text: string): string {
  return text.replace(entityPattern, (...[, name, decimal, hex]: (string | undefined)[]) => {
    if (name !== undefined) return entities[name.toLowerCase()] ?? '';
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}

function writeNodes(nodes: readonly CueNode[]): string {
  return nodes.map((node) => (typeof node === 'string' ? escape(node) : writeElement(node))).join('');
}

function writeElement({ tag, name, children }: CueElement): string {
  const content = writeNodes(children);
  return content.trim() === '' ? content : `<${name === '' ? tag : `${tag} ${escape(name)}`}>${content}</${tag}>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function plainTextOf(nodes: readonly CueNode[]): string {
  return nodes.map((node) => (typeof node === 'string' ? node : node.tag === 'rt' ? '' : plainTextOf(node.children))).join('');
}
