import { describe, expect, it } from 'vitest';
import { segmentRuns } from '../testing/segmentRuns.ts';
import { audioFormat, videoFrames, audioFrames, videoFormat } from '../testing/frames.ts';
import { buildInitSegment, buildSegment } from './buildSegment.ts';

const context = { recordingId: 'rec_1', zeroMs: 0, writtenAt: '2026-01-01T00:00:00.000Z' };

/** The video segments of a camera that begins this much later than the audio. */
function videoFrom(fromMs: number) {
  const { segments } = segmentRuns([
    { track: 'main-video', format: videoFormat(), frames: videoFrames({ fromMs, durationMs: 4000 }) },
    { track: 'main-audio', format: audioFormat(), frames: audioFrames({ fromMs: 0, durationMs: fromMs + 4000 }) },
  ]);
  return segments.filter(({ track }) => track === 'main-video');
}

describe('The rows of a segment', () => {
  it('mark a still first frame as filler, but not its init segment', () => {
    const [first] = videoFrom(2500);
    if (!first) throw new Error('expected a segment');
    expect(buildSegment(first, 0, context).row).toMatchObject({ startMs: 0, isFiller: true });
    expect(buildInitSegment(first, context).row.isFiller).toBe(false);
  });

  it('mark black as filler, and its init segment, too', () => {
    const [first] = videoFrom(12_000);
    if (!first) throw new Error('expected a segment');
    expect(buildSegment(first, 0, context).row.isFiller).toBe(true);
    expect(buildInitSegment(first, context).row.isFiller).toBe(true);
  });
});
