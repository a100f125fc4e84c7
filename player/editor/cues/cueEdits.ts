import { sortCues } from '#recorder/contract';
import type { Cue } from '#recorder/contract';

/** A cue that is added lasts this long, or until the next one. */
const newCueMs = 2000;
/** The shortest cue that somebody can make here. */
const minCueMs = 100;

type Cues = readonly Cue[];

export function withText(cues: Cues, index: number, text: string): Cue[] {
  return cues.map((cue, at) => (at === index ? { ...cue, text } : cue));
}

/** Moves the start of a cue to a moment before its end. A moment after it moves the cue as a whole. */
export function withStart(cues: Cues, index: number, ms: number): Cue[] {
  return changed(cues, index, (cue) => ({ ...cue, startMs: ms, endMs: ms > cue.endMs - minCueMs ? ms + cue.endMs - cue.startMs : cue.endMs }));
}

/** Moves the end of a cue to a moment after its start; one before it leaves the shortest cue. */
export function withEnd(cues: Cues, index: number, ms: number): Cue[] {
  return changed(cues, index, (cue) => ({ ...cue, endMs: Math.max(cue.startMs + minCueMs, ms) }));
}

/** Splits a cue in two: its text at a place, its time at the playhead if that is inside of it, otherwise by the share of the text. */
export function split(cues: Cues, index: number, { atText, playheadMs }: { atText: number; playheadMs: number }): Cue[] {
  const cue = cues[index];
  if (!cue) return [...cues];
  const [before, after] = [cue.text.slice(0, atText).trim(), cue.text.slice(atText).trim()];
  if (before === '' || after === '' || cue.endMs - cue.startMs < 2 * minCueMs) return [...cues];
  const isInside = playheadMs >= cue.startMs + minCueMs && playheadMs <= cue.endMs - minCueMs;
  const byText = cue.startMs + ((cue.endMs - cue.startMs) * before.length) / (before.length + after.length);
  const atMs = Math.round(isInside ? playheadMs : Math.max(cue.startMs + minCueMs, Math.min(cue.endMs - minCueMs, byText)));
  return cues.toSpliced(index, 1, { ...cue, text: before, endMs: atMs }, { ...cue, text: after, startMs: atMs });
}

/** Joins a cue with the next one. */
export function joined(cues: Cues, index: number): Cue[] {
  const [cue, next] = [cues[index], cues[index + 1]];
  if (!cue || !next) return [...cues];
  return cues.toSpliced(index, 2, { startMs: cue.startMs, endMs: Math.max(cue.endMs, next.endMs), text: `${cue.text}\n${next.text}`.trim() });
}

export function without(cues: Cues, index: number): Cue[] {
  return cues.toSpliced(index, 1);
}

/** Adds an empty cue at a moment. It ends where the next one begins, if that is soon. */
export function withNew(cues: Cues, ms: number): { cues: Cue[]; index: number } {
  const startMs = Math.round(ms);
  const next = cues.find((cue) => cue.startMs >= startMs + minCueMs);
  const cue = { startMs, endMs: Math.min(startMs + newCueMs, next?.startMs ?? Infinity), text: '' };
  const all = sortCues([...cues, cue]);
  return { cues: all, index: all.indexOf(cue) };
}

/** The cue that is shown at a moment, or the last one before it; -1 before the first. */
export function cueIndexAt(cues: Cues, ms: number): number {
  let [low, high] = [0, cues.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((cues[middle]?.startMs ?? 0) <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** What can be saved: cues with a text. */
export function written(cues: Cues): Cue[] {
  return cues.filter(({ text }) => text.trim() !== '');
}

export interface CueChange {
  startMs: number;
  before: string | null;
  after: string | null;
}

/** What differs between two versions: by the moment at which a cue begins, in order. */
export function cueChanges(from: Cues, to: Cues): CueChange[] {
  const [old, now] = [byStart(from), byStart(to)];
  const moments = [...new Set([...old.keys(), ...now.keys()])].sort((a, b) => a - b);
  return moments.flatMap((startMs) => {
    const [before, after] = [old.get(startMs), now.get(startMs)];
    if (before?.text === after?.text && before?.endMs === after?.endMs) return [];
    return [{ startMs, before: before?.text ?? null, after: after?.text ?? null }];
  });
}

function byStart(cues: Cues): Map<number, Cue> {
  return new Map(cues.map((cue) => [cue.startMs, cue]));
}

function changed(cues: Cues, index: number, change: (cue: Cue) => Cue): Cue[] {
  return sortCues(cues.map((cue, at) => (at === index ? rounded(change(cue)) : cue)));
}

function rounded({ startMs, endMs, text }: Cue): Cue {
  return { startMs: Math.max(0, Math.round(startMs)), endMs: Math.round(endMs), text };
}
