import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isCoded } from '#engine/contract';
import { maxCues } from '../contract/index.ts';
import { parseCaptions } from './parseCaptions.ts';
import { writeCaptions, writeSrt, writeVtt } from './writeCaptions.ts';

const parse = (text: string | Uint8Array) => parseCaptions(typeof text === 'string' ? Buffer.from(text) : text);

describe('A WebVTT file', () => {
  it('gives its cues in order; its header, comments, styles, regions, positions and names of cues are left out', () => {
    const { format, cues, skipped } = parse(
      'WEBVTT Kind: captions\nLanguage: en\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000\n\nSTYLE\n::cue { background: url(x) }\n\nREGION\nid:a\n\nNOTE a comment\nof two lines\n\nsecond\n00:05.000 --> 00:06.250 align:start line:0\nTwo\nlines\n\n01:00:00.001-->01:00:02.000\nLate\n\n00:01.000 --> 00:09.000\n<v Ada>First</v>\n',
    );
    expect(format).toBe('vtt');
    expect(skipped).toEqual({ count: 0, named: [] });
    expect(cues).toEqual([
      { startMs: 1000, endMs: 9000, text: '<v Ada>First</v>' },
      { startMs: 5000, endMs: 6250, text: 'Two\nlines' },
      { startMs: 3_600_001, endMs: 3_602_000, text: 'Late' },
    ]);
  });

  it('may be empty, and says which of its parts are no cues', () => {
    expect(parse('WEBVTT')).toMatchObject({ format: 'vtt', cues: [] });
    const { cues, skipped } = parse(`WEBVTT\n\n00:01.000 --> 00:00.500\nback\n\nno time here\n\n00:61.000 --> 00:62.000\nno such second\n\n00:01.000 --> 00:02.000\n${'x'.repeat(1001)}\n\n9999:00:00.000 --> 9999:00:01.000\nlate\n\n00:03.000 --> 00:04.000\nok`);
    expect(cues).toEqual([{ startMs: 3000, endMs: 4000, text: 'ok' }]);
    expect(skipped).toEqual({ count: 5, named: [{ line: 3, reason: 'endBeforeStart' }, { line: 6, reason: 'noTime' }, { line: 8, reason: 'noTime' }, { line: 11, reason: 'tooLong' }, { line: 14, reason: 'tooLate' }] });
  });
});

describe('A SubRip file', () => {
  it('gives its cues, also without numbers, with empty lines in a text, and with the codes of other programs', () => {
    const { format, cues, skipped } = parse('1\r\n00:00:01,000 --> 00:00:02,500\r\n{\\an8}Hello <font color="#fff">you</font>\r\n\r\nsecond part\r\n\r\n2\r\n00:00:03,5 --> 00:00:04\r\nNext\r\n3\r\n00:00:05.000 --> 00:00:06.000\r\nNo empty line before\r\n');
    expect(format).toBe('srt');
    expect(skipped.count).toBe(0);
    expect(cues).toEqual([
      { startMs: 1000, endMs: 2500, text: 'Hello you\nsecond part' },
      { startMs: 3500, endMs: 4000, text: 'Next' },
      { startMs: 5000, endMs: 6000, text: 'No empty line before' },
    ]);
  });
});

describe('The encoding of a file', () => {
  const srt = '1\n00:00:01,000 --> 00:00:02,000\nÜbung – “olé”\n';
  const utf16 = (order: 'le' | 'be', hasMark: boolean) => {
    const bytes = Buffer.from(`${hasMark ? '\ufeff' : ''}${srt}`, 'utf16le');
    return order === 'le' ? bytes : Buffer.from(bytes).swap16();
  };
  it.each([
    { encoding: 'utf-8', bytes: Buffer.from(srt) },
    { encoding: 'utf-8', bytes: Buffer.from(`\ufeff${srt}`) },
    { encoding: 'utf-16le', bytes: utf16('le', true) },
    { encoding: 'utf-16be', bytes: utf16('be', true) },
    { encoding: 'utf-16le', bytes: utf16('le', false) },
    { encoding: 'utf-16be', bytes: utf16('be', false) },
    { encoding: 'windows-1252', bytes: Buffer.from(srt.replace('–', '\x96').replace('“', '\x93').replace('”', '\x94'), 'latin1') },
  ])('is found: $encoding', ({ encoding, bytes }) => {
    expect(parse(bytes)).toMatchObject({ encoding, cues: [{ text: 'Übung – “olé”' }] });
  });
});

describe('A file that is no caption file', () => {
  it.each([
    { what: 'empty', bytes: Buffer.alloc(0) },
    { what: 'a page', bytes: Buffer.from('<!doctype html><script>alert(1)</script>') },
    { what: 'an image', bytes: Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex') },
    { what: 'odd UTF-16', bytes: Buffer.from([0xff, 0xfe, 0x31]) },
    { what: 'this test', bytes: readFileSync(new URL('writeCaptions.ts', import.meta.url)) },
  ])('is refused: $what', ({ bytes }) => {
    expect(() => parse(bytes)).toThrow(expect.objectContaining({ code: 'captions.unreadable' }) as Error);
  });

  it('or has too many cues, is refused', () => {
    const lines = Array.from({ length: maxCues + 1 }, () => '00:01.000 --> 00:02.000\nx\n');
    expect(() => parse(`WEBVTT\n\n${lines.join('\n')}`)).toThrow('more than 20000 cues');
  });

  it('never breaks the parser, and what it gives is in order and fits the limits', () => {
    const parts = ['WEBVTT', '\n', '\n\n', '\r\n', '\r', '00:01.000 --> 00:02.000', '1', '-->', '00:00:01,000-->00:00:03,000', 'NOTE', '<b>', '\0', 'text', '9', ' ', '\ufeff', '<script>', '00:99:00.000 --> 1', 'STYLE'];
    let seed = 11;
    const next = () => (seed = (seed * 1103515245 + 12345) % 2 ** 31);
    for (let round = 0; round < 2000; round += 1) {
      const bytes = Buffer.from(Array.from({ length: next() % 30 }, () => parts[(next() >> 8) % parts.length]).join(''), (next() >> 8) % 5 === 0 ? 'utf16le' : 'utf8');
      try {
        const { cues } = parse(bytes);
        expect(cues.every((cue, index) => cue.startMs < cue.endMs && cue.text !== '' && (cues[index - 1]?.startMs ?? 0) <= cue.startMs)).toBe(true);
        expect(parse(writeVtt(cues)).cues).toEqual(cues);
      } catch (error) {
        if (!isCoded(error, 'captions.unreadable')) throw error;
      }
    }
  });
});

describe('Captions that are written', () => {
  const cues = [
    { startMs: 0, endMs: 59_999, text: '<v Ada>Good <b>morning</b> &amp; welcome</v>' },
    { startMs: 61_001, endMs: 36_000_000, text: 'two\n&lt;lines&gt; --&gt; 1' },
    { startMs: 70_000, endMs: 71_000, text: '<ruby>漢<rt>kan</rt></ruby>' },
  ];

  it('as WebVTT are read again as they were', () => {
    expect(writeCaptions(cues, 'vtt')).toContain('00:01:01.001 --> 10:00:00.000\ntwo\n&lt;lines&gt; --&gt; 1\n');
    expect(parse(writeCaptions(cues, 'vtt')).cues).toEqual(cues);
  });

  it('as SubRip name the speakers in the text, and have no entities', () => {
    expect(writeSrt(cues)).toBe('1\n00:00:00,000 --> 00:00:59,999\nAda: Good <b>morning</b> & welcome\n\n2\n00:01:01,001 --> 10:00:00,000\ntwo\n<lines> --> 1\n\n3\n00:01:10,000 --> 00:01:11,000\n漢(kan)\n');
  });
});
