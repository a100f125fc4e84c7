import { describe, expect, it } from 'vitest';
import { ApiError, ApiUnreachableError } from '#api/contract';
import { CodedError, errorCodes } from '#engine/contract';
import { formatBitrate, formatClock, formatMoment, fromLocalInput, toLocalInput } from './format.ts';
import { languages, text } from './index.ts';
import { sentenceFor } from './sentenceFor.ts';

function leaves(value: unknown, path = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
}

describe('the words of the pages', () => {
  it('have the same keys in every language, and none is empty', () => {
    const keys = leaves(languages.en).map(([path]) => path);
    for (const language of Object.values(languages)) {
      expect(leaves(language).map(([path]) => path)).toEqual(keys);
      for (const [path, words] of leaves(language)) expect(typeof words === 'function' || words !== '', path).toBe(true);
    }
  });

  it('have a sentence for every failure', () => {
    for (const code of errorCodes) expect(text.errors[code], code).toMatch(/\.$/);
    expect(sentenceFor(new CodedError('chat.slow', 'x'))).toBe(text.errors['chat.slow']);
    expect(sentenceFor(new ApiUnreachableError(undefined))).toBe(text.localErrors.unreachable);
    expect(sentenceFor('?')).toBe(text.localErrors.unknown);
  });

  it('say what is wrong with the first field when no field shows it', () => {
    const problem = { type: '', title: '', status: 400, detail: '', code: 'request.invalid', instance: '', errors: [{ path: 'title', message: 'Give a title.' }] } as const;
    expect(sentenceFor(new ApiError({ ...problem, errors: [...problem.errors] }))).toBe('Give a title.');
  });
});

describe('times and figures', () => {
  it('writes positions like a clock', () => {
    expect([0, 65_000, 3_723_000, -5].map(formatClock)).toEqual(['0:00', '1:05', '1:02:03', '0:00']);
  });

  it('names the day by its distance from today', () => {
    const now = new Date(2026, 10, 20, 9, 0);
    expect(formatMoment(new Date(2026, 10, 20, 23, 30).toISOString(), now)).toMatch(/^today, /);
    expect(formatMoment(new Date(2026, 10, 21, 0, 10).toISOString(), now)).toMatch(/^tomorrow, /);
    expect(formatMoment(new Date(2027, 0, 4, 10, 0).toISOString(), now)).toMatch(/2027/);
  });

  it('writes bitrates in the unit that fits', () => {
    expect([160_000, 2_540_000].map(formatBitrate)).toEqual(['160 kbit/s', '2.5 Mbit/s']);
  });

  it('takes a local date and time there and back', () => {
    const moment = new Date(2026, 10, 20, 14, 30);
    expect(fromLocalInput(toLocalInput(moment))).toBe(moment.toISOString());
    expect(fromLocalInput('')).toBeNull();
  });
});
