import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { ApiError, ApiUnreachableError } from '#api/contract';
import type { FieldProblem } from '#api/contract';
import { CodedError, errorCodes } from '#engine/contract';
import type { ErrorCode } from '#engine/contract';
import { ConnectionLostError, RequestTimeoutError } from '../live/SignalingClient.ts';
import { formatBitrate, formatClock, formatDateTime, formatNumber, formatPercent, fromLocalInput, toLocalInput } from './format.ts';
import { languages, showLanguage, text } from './index.ts';
import { sentenceFor } from './sentenceFor.ts';
import { browserZone, showTimeZone } from './timeZone.ts';

function leaves(value: unknown, path = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
}

describe('the texts of the pages', () => {
  it.each(['en', 'es'] as const)('keep the words of people apart from the sentence around them, whose direction may differ: %s', async (language) => {
    const takesWords = /^\((name|title|who)\b/;
    const { text: translated } = await languages[language]();
    const sentences = leaves(translated).flatMap(([path, leaf]) => (typeof leaf === 'function' && takesWords.test(String(leaf)) ? [[path, leaf as (words: string) => string] as const] : []));
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
  afterEach(() => showTimeZone(null));

  it('formats positions like a clock', () => {
    expect([0, 65_000, 3_723_000, -5].map(formatClock)).toEqual(['0:00', '1:05', '1:02:03', '0:00']);
  });

  it('names days near today', () => {
    const now = new Date(2026, 10, 20, 9, 0);
    expect(formatDateTime(new Date(2026, 10, 20, 23, 30).toISOString(), now)).toMatch(/^today at /);
    expect(formatDateTime(new Date(2026, 10, 21, 0, 10).toISOString(), now)).toMatch(/^tomorrow at /);
    expect(formatDateTime(new Date(2027, 0, 4, 10, 0).toISOString(), now)).toMatch(/2027/);
  });

  it('shows times in the zone of the profile, and names the zone where its clock differs from the browser’s', () => {
    const now = new Date('2026-01-15T20:00:00Z');
    const far = browserZone === 'Asia/Tokyo' ? 'America/Bogota' : 'Asia/Tokyo';
    const day = far === 'Asia/Tokyo' ? /^tomorrow at 5:30\sAM GMT\+9$/ : /^today at 3:30\sPM GMT-5$/;
    expect(formatDateTime('2026-01-15T20:30:00Z', now)).not.toContain('GMT');
    showTimeZone(far);
    // In Tokyo, it is the 15th, 5:00.
    expect(formatDateTime('2026-01-15T20:30:00Z', new Date('2026-01-14T20:00:00Z'))).toMatch(day);
    showTimeZone('Mars/Olympus');
    expect(formatDateTime('2026-01-15T20:30:00Z', now)).not.toContain('GMT');
  });

  it('converts the clock of another zone in both directions, over a change to summer time and back', () => {
    showTimeZone('Europe/Madrid');
    expect(fromLocalInput('2026-03-28T10:00')).toBe('2026-03-28T09:00:00.000Z');
    expect(fromLocalInput('2026-03-30T10:00')).toBe('2026-03-30T08:00:00.000Z');
    expect(toLocalInput(new Date('2026-03-30T08:00:00Z'))).toBe('2026-03-30T10:00');
    // 2:30 is skipped on 29 March, and occurs twice on 25 October.
    expect(fromLocalInput('2026-03-29T02:30')).toBe('2026-03-29T01:30:00.000Z');
    expect(fromLocalInput('2026-10-25T02:30')).toBe('2026-10-25T00:30:00.000Z');
    showTimeZone('Asia/Kathmandu');
    expect(fromLocalInput('2026-07-01T00:15')).toBe('2026-06-30T18:30:00.000Z');
    expect(toLocalInput(new Date('2026-06-30T18:30:00Z'))).toBe('2026-07-01T00:15');
  });

  it('formats numbers, days and shares in the language of the page', async () => {
    onTestFinished(() => showLanguage('en'));
    const now = new Date(2026, 10, 20, 9, 0);
    await showLanguage('es');
    expect([formatBitrate(2_540_000), formatNumber(12_345.6), formatPercent(0.07)]).toEqual(['2,5 Mbit/s', '12.345,6', '7\u00a0%']);
    expect(formatDateTime(new Date(2026, 10, 20, 23, 30).toISOString(), now)).toBe('hoy, 23:30');
    expect(formatDateTime(new Date(2026, 11, 24, 10, 0).toISOString(), now)).toBe('jue, 24 dic, 10:00');
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
