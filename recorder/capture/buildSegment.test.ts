import { describe, expect, it } from 'vitest';
import { segmentRuns } from '../testing/segmentRuns.ts';
import { audioFormat, videoFrames, audioFrames, videoFormat } from '../testing/frames.ts';
import { buildInitSegment, buildSegment } from './buildSegment.ts';

const place = { recordingId: 'rec_1', zeroMs: 0, writtenAt: '2026-01-01T00:00:00.000Z' };

/** A camera that comes so much later than the sound. */
function videoFrom(fromMs: number) {
  const { segments } = segmentRuns([
    { track: 'main-video', format: videoFormat(), frames: videoFrames({ fromMs, durationMs: 4000 }) },
    { track: 'main-audio', format: audioFormat(), frames: audioFrames({ fromMs: 0, durationMs: fromMs + 4000 }) },
  ]);
  return segments.filter(({ track }) => track === 'main-video');
}

describe('the rows of a segment', () => {
  it('say of a first picture that stands for a while that it is a filler, and of its format that it is the real one', () => {
    const [first] = videoFrom(2500);
    if (!first) throw new Error('something is cut');
    expect(buildSegment(first, 0, place).row).toMatchObject({ startMs: 0, isFiller: true });
    expect(buildInitSegment(first, place).row.isFiller).toBe(false);
  });

  it('say of black that it is a filler, and of its format too', () => {
    const [first] = videoFrom(12_000);
    if (!first) throw new Error('something is cut');
    expect(buildSegment(first, 0, place).row.isFiller).toBe(true);
    expect(buildInitSegment(first, place).row.isFiller).toBe(true);
  });
});
