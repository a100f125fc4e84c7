import { describe, expect, it } from 'vitest';
import { cleanCueText, parseCueText, plainCueText } from './cueText.ts';

describe('The text of a cue', () => {
  it.each([
    { text: 'Good <b>morning</b>', clean: 'Good <b>morning</b>' },
    { text: '<v.loud Mary Ann>Hello <i>there</i>', clean: '<v Mary Ann>Hello <i>there</i></v>' },
    { text: '<ruby>漢<rt>kan</rt></ruby>', clean: '<ruby>漢<rt>kan</rt></ruby>' },
    { text: '<rt>alone</rt> <v>nobody</v>', clean: 'alone nobody' },
    { text: 'a < b && c > d', clean: 'a &lt; b &amp;&amp; c &gt; d' },
    { text: 'x &amp;lt;script&amp;gt; &#60;b&#62; &#x3c;&bogus;', clean: 'x &amp;lt;script&amp;gt; &lt;b&gt; &lt;&amp;bogus;' },
    { text: '<c.yellow>one</c> <font color="red">two</font> <00:00:01.500>three <lang en>four</lang>', clean: 'one two three four' },
    { text: 'before<script>alert(1)</script>after<style>x{}</style>', clean: 'beforeafter' },
    { text: 'before <SCRIPT src=x>alert(1)', clean: 'before' },
    { text: '<img src=x onerror=alert(1)>seen<b onclick="x()">bold</b>', clean: 'seen<b>bold</b>' },
    { text: '<b><b>twice</b></b></i>', clean: '<b><b>twice</b></b>' },
    { text: ' one \n\n \ttwo\r\n three ', clean: 'one\ntwo\nthree' },
    { text: '--> 00:01', clean: '--&gt; 00:01' },
    { text: '<b> </b>', clean: '' },
    { text: '\u202e\u200b', clean: '' },
    { text: '&#x202e;evil', clean: 'evil' },
  ])('$text is kept as $clean, and cleaning it again changes nothing', ({ text, clean }) => {
    expect(cleanCueText(text)).toBe(clean);
    expect(cleanCueText(clean)).toBe(clean);
  });

  it('is read without markup, and without the reading of characters', () => {
    expect(plainCueText('<v Mary>Tom &amp; <ruby>漢<rt>kan</rt></ruby></v>')).toBe('Tom & 漢');
    expect(parseCueText('<v Mary>Tom</v> &lt;3')).toEqual([{ tag: 'v', name: 'Mary', children: ['Tom'] }, ' <3']);
  });

  it('never has markup that is not allowed, whatever is written', () => {
    const parts = ['<b>', '</b>', '<script>', '</script>', '<v A>', '<', '>', '&lt;', '&', ';', '&amp;', 'x', '\n', '<ruby><rt>', '/', '\u200b', '<i', ' onerror=x>', '&#60;', '-->'];
    let seed = 7;
    const next = () => (seed = (seed * 1103515245 + 12345) % 2 ** 31);
    for (let round = 0; round < 3000; round += 1) {
      const text = Array.from({ length: 1 + (next() % 14) }, () => parts[(next() >> 8) % parts.length]).join('');
      const clean = cleanCueText(text);
      expect(clean.replaceAll(/<\/?(?:b|i|u|ruby|rt|v)>|<v [^<>]+>/g, ''), text).not.toMatch(/[<>]/);
      expect(cleanCueText(clean), text).toBe(clean);
    }
  });
});
