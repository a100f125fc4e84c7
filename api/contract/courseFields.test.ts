import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { courseSettings, LanguageTag, Tags, Term } from './courseFields.ts';
import { maxTagLength, maxTags } from './limits.ts';

const accepts = (schema: z.ZodType, values: readonly unknown[]) => values.map((value) => schema.safeParse(value).success);

describe('A language', () => {
  it('is a tag in its usual spelling', () => {
    expect(['EN', 'pt-br', 'zh-hant'].map((tag) => LanguageTag.parse(tag))).toEqual(['en', 'pt-BR', 'zh-Hant']);
    expect(accepts(LanguageTag, ['', '!!', 'en_', 'x'.repeat(36), 7])).toEqual(Array(5).fill(false));
  });
});

describe('A term', () => {
  it('ends on or after the day on which it starts', () => {
    expect(accepts(Term, [{ startsOn: '2026-04-01', endsOn: '2026-04-01' }, { startsOn: '2026-04-01', endsOn: '2026-03-31' }, { startsOn: '2026-02-30', endsOn: '2026-04-01' }, { startsOn: '2026-04-01' }])).toEqual([true, false, false, false]);
  });
});

describe('Tags', () => {
  it('are in lower case and without repetition, # and what cannot be seen', () => {
    expect(Tags.parse(['#Wave  Optics', 'wave optics', ' ', '\u200b', 'ＡＩ', 'Straße', '# 1', 'op\u202etics'])).toEqual(['wave optics', 'ai', 'straße', '1', 'optics']);
  });

  it('are few and short', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => `tag${index}`);
    expect(accepts(Tags, [many(maxTags), many(maxTags + 1), ['x'.repeat(maxTagLength)], ['x'.repeat(maxTagLength + 1)], Array(maxTags + 1).fill('same')])).toEqual([true, false, true, false, true]);
  });
});

it('A setting can be cleared, but not replaced by an operator', () => {
  const change = z.object(courseSettings).partial();
  expect(accepts(change, [{ categoryId: null, language: null, term: null, tags: [] }, { categoryId: { $ne: null } }, { tags: { $in: [] } }, { term: 'now' }])).toEqual([true, false, false, false]);
});
