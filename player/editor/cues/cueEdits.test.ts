import { describe, expect, it } from 'vitest';
import { cueChanges, cueIndexAt, joined, split, withEnd, withNew, without, withStart, withText, written } from './cueEdits.ts';

const cues = [
  { startMs: 1000, endMs: 3000, text: 'Light is a wave' },
  { startMs: 3000, endMs: 5000, text: 'and a particle.' },
  { startMs: 9000, endMs: 10_000, text: 'Questions?' },
];

describe('cues that are edited', () => {
  it('get another text', () => {
    expect(withText(cues, 1, 'and more.').map(({ text }) => text)).toEqual(['Light is a wave', 'and more.', 'Questions?']);
  });

  it('start and end at the playhead, and never end before they start', () => {
    expect(withStart(cues, 0, 1500.4)[0]).toMatchObject({ startMs: 1500, endMs: 3000 });
    expect(withEnd(cues, 0, 2500)[0]).toMatchObject({ startMs: 1000, endMs: 2500 });
    expect(withEnd(cues, 0, 200)[0]).toMatchObject({ startMs: 1000, endMs: 1100 });
    expect(withStart(cues, 0, 7000)).toMatchObject([{ startMs: 3000 }, { startMs: 7000, endMs: 9000, text: 'Light is a wave' }, { startMs: 9000 }]);
  });

  it('are split at the playhead, or by the share of the text', () => {
    expect(split(cues, 0, { atText: 8, playheadMs: 1800 }).slice(0, 2)).toEqual([{ startMs: 1000, endMs: 1800, text: 'Light is' }, { startMs: 1800, endMs: 3000, text: 'a wave' }]);
    expect(split(cues, 0, { atText: 8, playheadMs: 9000 })[0]).toMatchObject({ endMs: 2143 });
    expect(split(cues, 0, { atText: 0, playheadMs: 1800 })).toEqual(cues);
  });

  it('are joined with the next one', () => {
    expect(joined(cues, 0)).toEqual([{ startMs: 1000, endMs: 5000, text: 'Light is a wave\nand a particle.' }, cues[2]]);
    expect(joined(cues, 2)).toEqual(cues);
  });

  it('are added at a moment until the next one, and removed', () => {
    expect(withNew(cues, 8000)).toMatchObject({ index: 2, cues: [{}, {}, { startMs: 8000, endMs: 9000, text: '' }, {}] });
    expect(withNew([], 500)).toEqual({ index: 0, cues: [{ startMs: 500, endMs: 2500, text: '' }] });
    expect(without(cues, 1)).toEqual([cues[0], cues[2]]);
    expect(written(withNew(cues, 8000).cues)).toEqual(cues);
  });

  it('are found by a moment', () => {
    expect([0, 1000, 4999, 6000, 20_000].map((ms) => cueIndexAt(cues, ms))).toEqual([-1, 0, 1, 1, 2]);
  });

  it('of two versions, those that differ are named', () => {
    const theirs = [{ ...cues[0]!, text: 'Light' }, { ...cues[1]!, endMs: 5500 }, { startMs: 20_000, endMs: 21_000, text: 'Bye' }];
    expect(cueChanges(cues, theirs)).toEqual([
      { startMs: 1000, before: 'Light is a wave', after: 'Light' },
      { startMs: 3000, before: 'and a particle.', after: 'and a particle.' },
      { startMs: 9000, before: 'Questions?', after: null },
      { startMs: 20_000, before: null, after: 'Bye' },
    ]);
    expect(cueChanges(cues, cues)).toEqual([]);
  });
});
