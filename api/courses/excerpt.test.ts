import { expect, it } from 'vitest';
import { excerptLength } from '../contract/index.ts';
import { excerpt } from './excerpt.ts';

it.each([
  ['marks', '# Waves\n\n**Light** is a _wave_ and `c` is ~~fast~~\n> quoted\n- one\n1. two', 'Waves Light is a wave and c is fast quoted one two'],
  ['the addresses of links and images', 'See [the notes](https://example.org/a?b=c) ![a lens](lens.png)', 'See the notes a lens'],
  ['tags', 'Hello <script>alert(1)</script> <b>you</b>', 'Hello alert(1) you'],
  ['nothing of plain text', '2 < 3 and 5 > 4', '2 < 3 and 5 > 4'],
])('An excerpt is without %s', (_, markdown, plain) => {
  expect(excerpt(markdown)).toBe(plain);
});

it('An excerpt ends at a word, or within one that is longer', () => {
  const words = excerpt('word '.repeat(200));
  expect(words).toMatch(/word…$/);
  expect(words.length).toBeLessThanOrEqual(excerptLength);
  expect(excerpt('x'.repeat(5000))).toBe(`${'x'.repeat(excerptLength - 1)}…`);
});
