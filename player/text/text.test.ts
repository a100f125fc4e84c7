import { describe, expect, it } from 'vitest';
import { ApiError, ApiUnreachableError } from '#api/contract';
import type { FieldProblem } from '#api/contract';
import { CodedError, errorCodes } from '#engine/contract';
import type { ErrorCode } from '#engine/contract';
import { ConnectionLostError, RequestTimeoutError } from '../live/SignalingClient.ts';
import { formatBitrate, formatClock, formatDateTime, fromLocalInput, toLocalInput } from './format.ts';
import { languages, text } from './index.ts';
import { sentenceFor } from './sentenceFor.ts';

function leaves(value: unknown, path = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
}

describe('the texts of the pages', () => {
  it('have the same keys in every language, and none is empty', () => {
    const keys = leaves(languages.en).map(([path]) => path);
    for (const language of Object.values(languages)) {
      expect(leaves(language).map(([path]) => path)).toEqual(keys);
      for (const [path, words] of leaves(language)) expect(typeof words === 'function' || words !== '', path).toBe(true);
    }
  });

  it('keep the words of people apart from the sentence around them, whose direction may differ', () => {
    const takesWords = /^\((name|title|who)\b/;
    const sentences = leaves(languages.en).flatMap(([path, leaf]) => (typeof leaf === 'function' && takesWords.test(String(leaf)) ? [[path, leaf as (words: string) => string] as const] : []));
    expect(sentences.length).toBeGreaterThan(15);
    for (const [path, sentence] of sentences) expect(sentence('נועה'), path).toContain('\u2068נועה\u2069');
  });

  it('have a sentence for every error code', () => {
    for (const code of errorCodes) expect(text.errors[code], code).toMatch(/\.$/);
  });
});

describe('the sentence for a failure', () => {
  const problem = (code: ErrorCode, detail: string, errors?: FieldProblem[]) =>
    new ApiError({ type: '', title: '', status: 400, detail, code, instance: '', ...(errors ? { errors } : {}) });

  it.each<ErrorCode>(['access.denied', 'lecture.alreadyLive', 'course.codeWrong', 'request.tooFrequent'])('is the one of the server for %s', (code) => {
    expect(sentenceFor(problem(code, 'Only administrators can do this.'))).toBe('Only administrators can do this.');
    expect(sentenceFor(new CodedError(code, 'You can send the next message in 4 s.'))).toBe('You can send the next message in 4 s.');
  });

  it.each<ErrorCode>(['internal', 'auth.expired', 'database.unavailable', 'store.unavailable', 'disk.full'])('is the one of the page for %s', (code) => {
    expect(sentenceFor(problem(code, 'ENOSPC'))).toBe(text.errors[code]);
    expect(sentenceFor(new CodedError(code, 'ENOSPC'))).toBe(text.errors[code]);
  });

  it('is the one of the page when the server sends an empty one', () => {
    for (const code of errorCodes) {
      expect(sentenceFor(problem(code, ''))).toBe(text.errors[code]);
      expect(sentenceFor(new CodedError(code, ' '))).toBe(text.errors[code]);
    }
  });

  it('names the first field that is wrong', () => {
    expect(sentenceFor(problem('request.invalid', 'The request is not right.', [{ path: 'title', message: 'Give a title.' }]))).toBe('Give a title.');
  });

  it('says when the server cannot be reached, is too slow, or the page itself failed', () => {
    expect(sentenceFor(new ApiUnreachableError(undefined))).toBe(text.localErrors.unreachable);
    expect(sentenceFor(new ConnectionLostError('chat.post: not connected'))).toBe(text.localErrors.unreachable);
    expect(sentenceFor(new RequestTimeoutError('chat.post: no response'))).toBe(text.localErrors.timedOut);
    expect(sentenceFor('?')).toBe(text.localErrors.unknown);
  });
});

describe('times and numbers', () => {
  it('formats positions like a clock', () => {
    expect([0, 65_000, 3_723_000, -5].map(formatClock)).toEqual(['0:00', '1:05', '1:02:03', '0:00']);
  });

  it('names days near today', () => {
    const now = new Date(2026, 10, 20, 9, 0);
    expect(formatDateTime(new Date(2026, 10, 20, 23, 30).toISOString(), now)).toMatch(/^today at /);
    expect(formatDateTime(new Date(2026, 10, 21, 0, 10).toISOString(), now)).toMatch(/^tomorrow at /);
    expect(formatDateTime(new Date(2027, 0, 4, 10, 0).toISOString(), now)).toMatch(/2027/);
  });

  it('formats bitrates in the right unit', () => {
    expect([160_000, 2_540_000].map(formatBitrate)).toEqual(['160 kbit/s', '2.5 Mbit/s']);
  });

  it('converts a local date and time in both directions', () => {
    const date = new Date(2026, 10, 20, 14, 30);
    expect(fromLocalInput(toLocalInput(date))).toBe(date.toISOString());
    expect(fromLocalInput('')).toBeNull();
  });
});
