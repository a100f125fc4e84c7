import { describe, expect, it } from 'vitest';
import { maxDescriptionLength } from '#api/contract';
import { markdownHtml } from './markdownHtml.ts';

const elements = new Set(['p', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'ul', 'ol', 'li', 'pre', 'code', 'hr', 'br', 'strong', 'em', 'del', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'a']);

/** Every tag, whose attributes must be of the forms that are meant. */
function requireHarmless(html: string): string[] {
  const tags = [...html.matchAll(/<[^>]*>?/g)].map(([tag]) => tag);
  for (const tag of tags) {
    const [, name = '', attributes = ''] = /^<\/?([a-z0-9]+)((?: [a-z]+="[^"<>]*")*)>$/.exec(tag) ?? [];
    expect(elements, tag).toContain(name);
    for (const [, attribute = '', value = ''] of attributes.matchAll(/ ([a-z]+)="([^"]*)"/g)) {
      if (attribute === 'href' || attribute === 'title') expect(value).toMatch(/^(https?|mailto):/);
      else expect([`dir="auto"`, `target="_blank"`, `rel="noopener nofollow"`, `start="${Number(value)}"`]).toContain(`${attribute}="${value}"`);
    }
  }
  // What a browser shows: no character reference but those of the five characters that are escaped.
  for (const [reference] of html.matchAll(/&[#\w]*;?/g)) expect(['&#38;', '&#60;', '&#62;', '&#34;', '&#39;']).toContain(reference);
  return tags;
}

/** What a reader sees of it. */
const shown = (html: string) => html.replace(/<[^>]*>/g, '').replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));

describe('Markdown', () => {
  it('becomes headings, lists, quotes, code, tables and links', () => {
    const html = markdownHtml('# Waves\n\nLight is *fast* and **bright**.\nSecond line\n\n- one\n- [x] two\n\n3. three\n\n> quoted\n\n```\na < b\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[notes](https://example.org/a?b=c&d) https://example.org');
    requireHarmless(html);
    expect(html).toContain('<h3 dir="auto">Waves</h3>');
    expect(html).toContain('<em>fast</em> and <strong>bright</strong>.<br>Second line');
    expect(html).toContain('<ol start="3"><li dir="auto">three</li></ol>');
    expect(html).toContain('<pre><code>a &#60; b</code></pre>');
    expect(html).toContain('<td dir="auto">2</td>');
    expect(html).toContain('<a href="https://example.org/a?b=c&#38;d" title="https://example.org/a?b=c&#38;d" target="_blank" rel="noopener nofollow">notes</a>');
    expect(html.match(/<a /g)).toHaveLength(2);
  });

  it.each([
    '<script>alert(1)</script>',
    'a <img src=x onerror=alert(1)> b',
    '<svg><style><a id="</style><img src=1 onerror=alert(1)>">',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<!-- --!> <a href="javascript:alert(1)">x</a>',
    '<details open ontoggle=alert(1)>',
    '```\n</code></pre><script>alert(1)</script>\n```',
    '`<script>alert(1)</script>`',
    '| <b onclick=x> |\n|---|\n| <script> |',
  ])('shows raw HTML as it was written: %s', (markdown) => {
    const html = markdownHtml(markdown);
    requireHarmless(html);
    for (const tag of markdown.match(/<[a-z/!][^>\n]*>/g) ?? []) expect(shown(html)).toContain(tag);
  });

  it.each([
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](java\nscript:alert(1))',
    '[x](&#106;avascript:alert(1))',
    '[x](data:text/html,<script>alert(1)</script>)',
    '[x](vbscript:x)',
    '[x](file:///etc/passwd)',
    '[x](//evil.example)',
    '![x](javascript:alert(1))',
    '<javascript:alert(1)>',
    '[x][1]\n\n[1]: javascript:alert(1)',
    '[x](\u0001javascript:alert(1))',
  ])('makes no link of %j', (markdown) => {
    const html = markdownHtml(markdown);
    requireHarmless(html);
    expect(html).not.toContain('<a ');
  });

  it('keeps an address inside its attribute', () => {
    const html = markdownHtml('[x](https://example.org/"onmouseover="alert(1)) ![y"><script>](https://example.org/<b>) [z](https://example.org "t" onclick=x)');
    requireHarmless(html);
    expect(html).not.toContain('onmouseover="');
  });

  it('shows an image of another site as a link, and in a title the address that a link opens', () => {
    expect(markdownHtml('![A lens](https://example.org/lens.png)')).toContain('rel="noopener nofollow">A lens</a>');
    expect(markdownHtml('[https://bank.example](https://evil.example/)')).toContain('title="https://evil.example/"');
  });

  it.each(['abc\u202egnp.exe', 'abc&#x202e;gnp.exe', 'abc&#8238;gnp.exe', 'abc&rlm;x&lrm;', '[a\u2066b](https://example.org/\u202e)'])('does not turn text around: %j', (markdown) => {
    const html = markdownHtml(markdown);
    requireHarmless(html);
    expect(shown(html)).not.toMatch(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
    expect(html.match(/<(p|li|h\d|blockquote)(?! dir="auto")/)).toBeNull();
  });

  const repeated = (part: string) => part.repeat(Math.ceil(maxDescriptionLength / part.length)).slice(0, maxDescriptionLength);
  const deepList = Array.from({ length: 130 }, (_, level) => `${' '.repeat(2 * level)}- x`).join('\n').slice(0, maxDescriptionLength);

  it.each([
    ['quotes', repeated('>')],
    ['quotes with spaces', repeated('> ')],
    ['quotes that grow', Array.from({ length: 140 }, (_, level) => `${'>'.repeat(level + 1)} x\n`).join('').slice(0, maxDescriptionLength)],
    ['lists in a line', repeated('- ')],
    ['numbered lists in a line', repeated('1. ')],
    ['lists by indentation', deepList],
    ['emphasis', repeated('*a **b ')],
    ['asterisks', repeated('*')],
    ['brackets', repeated('[')],
    ['links in links', `${'['.repeat(3000)}x${'](https://example.org)'.repeat(300)}`],
    ['images in images', `${'!['.repeat(3000)}x${'](https://example.org)'.repeat(190)}`],
    ['backticks', repeated('`a')],
    ['tags', repeated('<b')],
    ['table columns', `${repeated('|a')}\n${repeated('|-')}`.slice(0, 2 * maxDescriptionLength)],
    ['mixed marks', repeated('> - 1. * ')],
  ])('stays shallow for huge nesting of %s', (_, markdown) => {
    const tags = requireHarmless(markdownHtml(markdown));
    let depth = 0;
    let deepest = 0;
    for (const tag of tags) {
      if (tag === '<br>' || tag === '<hr>') continue;
      depth += tag.startsWith('</') ? -1 : 1;
      deepest = Math.max(deepest, depth);
    }
    expect(depth).toBe(0);
    // A list nests two elements for each of its levels.
    expect(deepest).toBeLessThanOrEqual(30);
  });
});
