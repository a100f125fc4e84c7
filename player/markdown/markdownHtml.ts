import { Marked } from 'marked';
import type { MarkedToken, RendererObject, Token, Tokens } from 'marked';
import { cleanText } from '#engine/contract';

/** Levels of quotes, lists and emphasis that are shown; what is deeper is shown as text. Nobody reads further. */
const maxDepth = 12;

/** Marks of a line that nest: quotes and lists. Those beyond it are left out before parsing, whose cost grows with the nesting. */
const maxLineMarks = 24;

/** Headings of a text are below those of its page and section. */
const firstHeadingLevel = 3;

const linkProtocols: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);

/**
 * Markdown as HTML that consists of the elements below and escaped text only: no raw HTML, no scripts, no addresses of other kinds,
 * no character references. Text that a parser cannot take is shown as it was written.
 */
export function markdownHtml(markdown: string): string {
  const clean = boundLines(cleanText(markdown));
  try {
    const tokens = parser.lexer(clean);
    boundDepth(tokens, maxDepth);
    return parser.parser(tokens);
  } catch {
    return `<p dir="auto">${escapeHtml(clean)}</p>`;
  }
}

const renderer: RendererObject<string, string> = {
  space: () => '',
  def: () => '',
  html: ({ text }) => escapeHtml(text),
  text(token) {
    return 'tokens' in token && token.tokens ? this.parser.parseInline(token.tokens) : escapeHtml(token.text);
  },
  paragraph({ tokens }) {
    return `<p dir="auto">${this.parser.parseInline(tokens)}</p>`;
  },
  heading({ tokens, depth }) {
    const level = Math.min(6, depth + firstHeadingLevel - 1);
    return `<h${level} dir="auto">${this.parser.parseInline(tokens)}</h${level}>`;
  },
  blockquote({ tokens }) {
    return `<blockquote dir="auto">${this.parser.parse(tokens)}</blockquote>`;
  },
  list({ ordered, start, items }) {
    const inside = items.map((item) => this.listitem(item)).join('');
    const from = ordered && typeof start === 'number' && start !== 1 ? ` start="${start}"` : '';
    return ordered ? `<ol${from}>${inside}</ol>` : `<ul>${inside}</ul>`;
  },
  listitem({ tokens }) {
    return `<li dir="auto">${this.parser.parse(tokens)}</li>`;
  },
  checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
  code: ({ text }) => `<pre><code>${escapeHtml(text)}</code></pre>`,
  codespan: ({ text }) => `<code>${escapeHtml(text)}</code>`,
  hr: () => '<hr>',
  br: () => '<br>',
  strong({ tokens }) {
    return `<strong>${this.parser.parseInline(tokens)}</strong>`;
  },
  em({ tokens }) {
    return `<em>${this.parser.parseInline(tokens)}</em>`;
  },
  del({ tokens }) {
    return `<del>${this.parser.parseInline(tokens)}</del>`;
  },
  table({ header, rows }) {
    const row = (cells: Tokens.TableCell[], name: 'th' | 'td') => `<tr>${cells.map(({ tokens }) => `<${name} dir="auto">${this.parser.parseInline(tokens)}</${name}>`).join('')}</tr>`;
    return `<table><thead>${row(header, 'th')}</thead><tbody>${rows.map((cells) => row(cells, 'td')).join('')}</tbody></table>`;
  },
  link({ href, tokens }) {
    return link(href, this.parser.parseInline(tokens));
  },
  // The pages load images of this site only: one of another site is a link to it.
  image: ({ href, text }) => link(href, escapeHtml(text === '' ? href : text)),
};

const parser = new Marked({ gfm: true, breaks: true, async: false, renderer });

/** Its title is the address that it really opens. */
function link(href: string, inside: string): string {
  const url = URL.canParse(href) ? new URL(href) : undefined;
  if (!url || !linkProtocols.has(url.protocol)) return inside;
  const address = escapeHtml(url.href);
  return `<a href="${address}" title="${address}" target="_blank" rel="noopener nofollow">${inside}</a>`;
}

/** Controls and marks of direction, which the parser makes of numeric character references, and which `cleanText` has not seen. */
const invisible = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}]/gu;

/** Also escapes the ampersands of character references that the parser leaves. */
function escapeHtml(text: string): string {
  return text.replace(invisible, '').replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function boundLines(markdown: string): string {
  return markdown.replace(/^(?:[ \t]*(?:>|[-*+]|\d{1,9}[.)])(?=[ \t>]|$))+/gm, (marks) => {
    const found = [...marks.matchAll(/[ \t]*(?:>|[-*+]|\d{1,9}[.)])/g)];
    return found.length <= maxLineMarks ? marks : found.slice(0, maxLineMarks).map(([mark]) => mark).join('');
  });
}

/** Replaces what is nested too deeply by its text. */
function boundDepth(tokens: Token[], depth: number): void {
  for (const [index, token] of (tokens as MarkedToken[]).entries()) {
    if (depth === 0 && token.type !== 'text') tokens[index] = { type: 'text', raw: token.raw, text: token.raw, escaped: false } satisfies Tokens.Text;
    else for (const inner of childrenOf(token)) boundDepth(inner, depth - 1);
  }
}

function childrenOf(token: MarkedToken): Token[][] {
  if (token.type === 'list') return token.items.map(({ tokens }) => tokens);
  if (token.type === 'table') return [token.header, ...token.rows].flat().map(({ tokens }) => tokens);
  return 'tokens' in token && token.tokens ? [token.tokens] : [];
}
