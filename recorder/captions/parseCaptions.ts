import { CodedError } from '#engine/contract';
import { cleanCueText, maxCueLength, maxCueMs, maxCues, sortCues } from '../contract/index.ts';
import type { CaptionFormat, Cue } from '../contract/index.ts';
import { decodeText } from './decodeText.ts';
import type { CaptionEncoding } from './decodeText.ts';

/** Skipped places that are named; the others are counted. */
export const maxNamedSkips = 20;

/** Characters of the text of a cue with its markup and entities, before it is cleaned. */
const maxRawCueLength = 8 * maxCueLength;

/** Why a part of a file is no cue. */
export type SkipReason = 'noTime' | 'endBeforeStart' | 'tooLong' | 'tooLate';

export interface ParsedCaptions {
  format: CaptionFormat;
  encoding: CaptionEncoding;
  /** In order. */
  cues: Cue[];
  /** Parts of the file that are no cues, `line` counted from 1. */
  skipped: { count: number; named: { line: number; reason: SkipReason }[] };
}

interface Block {
  /** Of its first line, counted from 1. */
  line: number;
  timing: string | undefined;
  text: string[];
}

const timingPattern = /^\s*(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?\s*-->\s*(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?(?:\s.*)?$/u;
const isNumber = (line: string | undefined) => line !== undefined && /^\s*\d+\s*$/u.test(line);

/**
 * The cues of a WebVTT or SubRip file in any usual encoding. A part that is no cue is skipped and reported. Styles, regions, positions and
 * comments are left out. The time is linear in the size of the file.
 * @throws CodedError `captions.unreadable` when it has no cues and is no WebVTT, or has more than `maxCues`
 */
export function parseCaptions(file: Uint8Array): ParsedCaptions {
  const { text, encoding } = decodeText(file);
  const lines = text.split(/\r\n|\r|\n/u);
  const format: CaptionFormat = /^WEBVTT(?:[ \t]|$)/u.test(lines[0] ?? '') ? 'vtt' : 'srt';
  const cues: Cue[] = [];
  const skipped: ParsedCaptions['skipped'] = { count: 0, named: [] };
  for (const block of format === 'vtt' ? blocksOfVtt(lines) : blocksOfSrt(lines)) {
    const read = readBlock(block, format);
    if (typeof read !== 'string') cues.push(...read);
    else if ((skipped.count += 1) <= maxNamedSkips) skipped.named.push({ line: block.line, reason: read });
    if (cues.length > maxCues) throw unreadable(`This file has more than ${maxCues} cues. Divide it.`);
  }
  if (format === 'srt' && cues.length === 0) throw unreadable('This file has no captions. Send a WebVTT (.vtt) or SubRip (.srt) file.');
  return { format, encoding, cues: sortCues(cues), skipped };
}

/** No cue for an empty text; the reason for a block that is none. */
function readBlock({ timing, text }: Block, format: CaptionFormat): Cue[] | SkipReason {
  const [, ...parts] = timingPattern.exec(timing ?? '') ?? [];
  const [startMs, endMs] = [millisecondsOf(parts.slice(0, 4)), millisecondsOf(parts.slice(4))];
  if (startMs === undefined || endMs === undefined) return 'noTime';
  if (startMs >= endMs) return 'endBeforeStart';
  if (endMs > maxCueMs) return 'tooLate';
  const raw = text.join('\n');
  if (raw.length > maxRawCueLength) return 'tooLong';
  // Positions of SubStation Alpha, which some programs write into SubRip: {\an8}.
  const cleaned = cleanCueText(format === 'srt' ? raw.replace(/\{\\[^{}]*\}/gu, '') : raw);
  if (cleaned.length > maxCueLength) return 'tooLong';
  return cleaned === '' ? [] : [{ startMs, endMs, text: cleaned }];
}

function millisecondsOf([hours = '0', minutes, seconds, fraction = '0']: (string | undefined)[]): number | undefined {
  if (minutes === undefined || seconds === undefined || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000 + Number(fraction.padEnd(3, '0'));
}

/** WebVTT §6.1: an empty line or the times of the next cue end a block. */
function* blocksOfVtt(lines: readonly string[]): Generator<Block> {
  for (const block of blocksOf(lines.slice(1), 2)) {
    const [first = ''] = block.text;
    // The header goes on until an empty line, and comments, styles and regions have no times.
    const isOther = block.timing === undefined && (block.line === 2 || /^(?:NOTE|STYLE|REGION)(?:[ \t]|$)/u.test(first) || block.text.every((line) => line.trim() === ''));
    if (!isOther) yield block;
  }
}

/** Where a text has an empty line, the rest of it belongs to the cue before. */
function* blocksOfSrt(lines: readonly string[]): Generator<Block> {
  let before: Block | undefined;
  for (const block of blocksOf(lines, 1)) {
    if (block.timing !== undefined || !before) {
      if (before) yield before;
      before = block;
    } else if (!block.text.every(isNumber)) before.text.push(...block.text);
  }
  if (before) yield before;
}

function* blocksOf(lines: readonly string[], firstLine: number): Generator<Block> {
  let block: Block | undefined;
  for (const [index, line] of lines.entries()) {
    const number = index + firstLine;
    if (line.trim() === '') {
      if (block) yield block;
      block = undefined;
    } else if (!line.includes('-->')) {
      block ??= { line: number, timing: undefined, text: [] };
      block.text.push(line);
    } else if (block?.timing !== undefined) {
      // The next cue follows without an empty line; the number above its times belongs to it.
      if (isNumber(block.text.at(-1))) block.text.pop();
      yield block;
      block = { line: number, timing: line, text: [] };
    } else block = { line: block?.line ?? number, timing: line, text: [] };
  }
  if (block) yield block;
}

function unreadable(message: string): CodedError {
  return new CodedError('captions.unreadable', message);
}
