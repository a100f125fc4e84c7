import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { piecesOf, runsOf } from './recordingRuns.ts';
import type { RecordedSegmentRow } from './recordingRuns.ts';

const rate = { num: 25, den: 1 };
const segment = (sequence: number, change: Partial<RecordedSegmentRow> = {}): RecordedSegmentRow => ({ track: 'main-video', sequence, epoch: 0, startMs: sequence * 2000, durationMs: 2000, isIndependent: true, state: 'stored', ...change });
const shape = (pieces: ReturnType<typeof piecesOf>) => pieces.map(({ first, count, segments }) => [first, count, segments?.map(({ sequence }) => sequence) ?? 'black']);

describe('A range of a recording', () => {
  it('comes from the segments that overlap it', () => {
    const runs = runsOf([0, 1, 2, 3, 4].map((sequence) => segment(sequence)));
    expect(shape(piecesOf(runs, { first: 75, count: 100, rate }))).toEqual([[75, 100, [1, 2, 3]]]);
  });

  it('begins to be decoded where a decoder can start', () => {
    const runs = runsOf([0, 1, 2, 3].map((sequence) => segment(sequence, { isIndependent: sequence === 0 })));
    expect(shape(piecesOf(runs, { first: 150, count: 50, rate }))).toEqual([[150, 50, [0, 1, 2, 3]]]);
  });

  it('is divided where an epoch begins, and black where nothing was recorded or a segment is lost', () => {
    const runs = runsOf([segment(0, { startMs: 1000 }), segment(1, { startMs: 3000, epoch: 1 }), segment(2, { startMs: 5000, epoch: 1, state: 'lost' }), segment(3, { startMs: 7000, epoch: 1 })]);
    expect(shape(piecesOf(runs, { first: 0, count: 250, rate }))).toEqual([[0, 25, 'black'], [25, 50, [0]], [75, 50, [1]], [125, 50, 'black'], [175, 50, [3]], [225, 25, 'black']]);
  });

  it('is covered exactly once, whatever the segments are', () => {
    const rows = fc.array(fc.record({ gapMs: fc.constantFrom(0, 0, 20, 500, 3000), durationMs: fc.integer({ min: 1, max: 4000 }), epoch: fc.constantFrom(0, 0, 1), isLost: fc.boolean() }), { maxLength: 30 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 1, max: 1500 }), (steps, first, count) => {
        let endMs = 0;
        const segments = steps.map(({ gapMs, durationMs, epoch, isLost }, sequence) => {
          const row = segment(sequence, { startMs: endMs + gapMs, durationMs, epoch, state: isLost ? 'lost' : 'stored' });
          endMs += gapMs + durationMs;
          return row;
        });
        let next = first;
        for (const piece of piecesOf(runsOf(segments), { first, count, rate })) {
          expect(piece.first).toBe(next);
          expect(piece.count).toBeGreaterThan(0);
          expect(new Set(piece.segments?.map(({ epoch }) => epoch) ?? [0]).size).toBe(1);
          next += piece.count;
        }
        expect(next).toBe(first + count);
      }),
    );
  });
});
