import { expect, it } from 'vitest';
import { editedCues, keptOfVideo } from './editedCues.ts';

it('Captions move with the cuts: a cue of which more than half is cut is left out, others are shortened', () => {
  const cut = { id: 'cut_1', cutAt: '', cutBy: null, purgedAt: null };
  const kept = keptOfVideo({ clipOf: null, durationSeconds: 60, cuts: [{ ...cut, startMs: 10_000, endMs: 20_000 }, { ...cut, startMs: 40_000, endMs: 41_000 }] });
  const cues = [
    { startMs: 1000, endMs: 2000, text: 'before' },
    { startMs: 8000, endMs: 11_000, text: 'mostly before' },
    { startMs: 9000, endMs: 12_000, text: 'mostly in' },
    { startMs: 12_000, endMs: 13_000, text: 'in' },
    { startMs: 20_000, endMs: 21_000, text: 'after' },
    { startMs: 38_000, endMs: 43_000, text: 'across' },
  ];
  expect(editedCues(cues, kept)).toEqual([
    { startMs: 1000, endMs: 2000, text: 'before' },
    { startMs: 8000, endMs: 10_000, text: 'mostly before' },
    { startMs: 10_000, endMs: 11_000, text: 'after' },
    { startMs: 28_000, endMs: 32_000, text: 'across' },
  ]);
});

it('Captions of a video whose length is not known yet are shown until their end', () => {
  expect(keptOfVideo({ clipOf: null, durationSeconds: 0, cuts: [] }, 5000)).toEqual([{ startMs: 0, endMs: 5000 }]);
});
