import { describe, expect, it } from 'vitest';
import { editedChapters } from './chapters.ts';

const chapters = [
  { startMs: 0, title: 'Introduction' },
  { startMs: 20_000, title: 'Break' },
  { startMs: 40_000, title: 'Waves' },
];

describe('the chapters of an edited video', () => {
  it('are those of the video while nothing is cut', () => {
    expect(editedChapters(chapters, null)).toEqual(chapters);
  });

  it('move with what is cut before them, without those that are cut as a whole', () => {
    const kept = [{ startMs: 0, endMs: 20_000 }, { startMs: 40_000, endMs: 90_000 }];
    expect(editedChapters(chapters, kept)).toEqual([{ startMs: 0, title: 'Introduction' }, { startMs: 20_000, title: 'Waves' }]);
  });

  it('begin at the cut when their beginning is cut', () => {
    const kept = [{ startMs: 30_000, endMs: 90_000 }];
    expect(editedChapters(chapters, kept)).toEqual([{ startMs: 0, title: 'Break' }, { startMs: 10_000, title: 'Waves' }]);
  });

  it('leave out what begins after a cut end', () => {
    expect(editedChapters(chapters, [{ startMs: 0, endMs: 40_000 }])).toEqual(chapters.slice(0, 2));
  });
});
