import { describe, expect, it } from 'vitest';
import { cleanLine, cleanText } from './text.ts';

describe('a line of text', () => {
  it.each([
    ['spaces', '   '],
    ['a zero-width space', '\u200b'],
    ['joiners alone', '\u200d\u200c'],
    ['a Hangul filler', '\u3164'],
    ['an empty Braille pattern', '\u2800'],
    ['direction marks', '\u200e\u202e\u2066\u2069'],
    ['NUL', '\0'],
    ['half a surrogate pair', '\ud83d'],
    ['a combining accent alone', '\u0301'],
  ])('of %s is empty', (_what, text) => {
    expect([cleanLine(text), cleanText(text)]).toEqual(['', '']);
  });

  it.each([
    ['Ada\u202egnp.exe', 'Adagnp.exe'],
    ['A\0d\u200ba', 'Ada'],
    ['Ada\ud83d!', 'Ada!'],
    ['  Ada \n Lovelace\t', 'Ada Lovelace'],
    ['Ame\u0301lie', 'Amélie'],
  ])('%j is shown as %j', (text, shown) => {
    expect(cleanLine(text)).toBe(shown);
  });

  it.each(['عائشة', 'دانش\u200cآموز', '李雷', 'क्\u200dष', '👩\u200d🏫 Ms. K', 'José 2.0 (M&M)', '…'])('%j stays as it is', (text) => {
    expect(cleanLine(text)).toBe(text);
  });
});

it('does not pile up more marks than a letter has in any script', () => {
  const piled = `Z${'\u0336\u0489\u200d'.repeat(40)}algo`;
  for (const clean of [cleanLine, cleanText]) expect(clean(piled)).toBe(`Z${'\u0336\u0489\u200d'.repeat(40).slice(0, 8)}algo`);
  expect(cleanLine('\u0f67\u0f90\u0fb5\u0f92\u0fb2\u0fb1\u0f71\u0f7e')).toHaveLength(8);
});

it('a longer text keeps its line breaks', () => {
  expect(cleanText(' One\n\n\tTwo\r\n\u202eThree ')).toBe('One\n\n\tTwo\nThree');
});
