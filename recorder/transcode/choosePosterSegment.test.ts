import { describe, expect, it } from 'vitest';
import { choosePosterSegment } from './choosePosterSegment.ts';

type Segment = Parameters<typeof choosePosterSegment>[0][number];

function segments(count: number, change: (sequence: number) => Partial<Segment> = () => ({})): Segment[] {
  return Array.from({ length: count }, (_, sequence) => ({
    track: 'main-video', sequence, epoch: 0, startMs: sequence * 2000, durationMs: 2000, isIndependent: true, isFiller: false, state: 'stored', ...change(sequence),
  }));
}

describe('The segment of a poster', () => {
  it('is at a tenth of the lecture', () => {
    expect(choosePosterSegment(segments(100))?.sequence).toBe(10);
    expect(choosePosterSegment(segments(1))?.sequence).toBe(0);
  });

  it('is independent, no filler and not lost', () => {
    const bad: Record<number, Partial<Segment>> = { 10: { isIndependent: false }, 11: { isFiller: true }, 12: { state: 'lost' } };
    expect(choosePosterSegment(segments(100, (sequence) => bad[sequence] ?? {}))?.sequence).toBe(13);
  });

  it('is of the screen when there is no camera', () => {
    const audio = segments(20, () => ({ track: 'main-audio' }));
    const screen = segments(20, () => ({ track: 'screen-video' }));
    expect(choosePosterSegment([...audio, ...screen])).toMatchObject({ track: 'screen-video', sequence: 2 });
    expect(choosePosterSegment([...screen, ...segments(20)])?.track).toBe('main-video');
  });

  it('does not exist without video', () => {
    expect(choosePosterSegment(segments(20, () => ({ track: 'main-audio' })))).toBeUndefined();
    expect(choosePosterSegment([])).toBeUndefined();
  });
});
