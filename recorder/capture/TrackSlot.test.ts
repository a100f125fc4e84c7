import { describe, expect, it } from 'vitest';
import { silentLogger } from '#engine/testing';
import type { FrameSink } from '#engine/media';
import { pictures, videoFormat } from '../testing/frames.ts';
import { TrackSlot } from './TrackSlot.ts';

/** A picture that makes a keyframe only when asked, and says when that was. */
async function recordedFor(durationMs: number, keyframeEveryMs: number): Promise<number[]> {
  const askedAtMs: number[] = [];
  let sink: FrameSink | undefined;
  let nowMs = 0;
  const cutter = { format: () => undefined, frame: () => undefined, gap: () => undefined };
  const slot = new TrackSlot({ track: 'main-video', cutter, logger: silentLogger, targetSegmentMs: 2000, onFrame: () => undefined });
  const open = async (to: FrameSink) => {
    sink = to;
    return { close: () => undefined, requestKeyframe: () => askedAtMs.push(nowMs) };
  };
  slot.offer({ publicationId: 'pub_1', kind: 'video', source: 'camera', frames: { open } });
  await Promise.resolve();
  sink?.format(videoFormat());
  for (const frame of pictures({ fromMs: 0, durationMs, frameRate: 10, keyframeEveryMs })) {
    nowMs = frame.decodeTimeUs / 1000;
    sink?.frame(frame);
  }
  return askedAtMs;
}

describe('A track of a recording', () => {
  it('asks a source for a keyframe when it has made none for as long as a segment is wanted', async () => {
    const [first, second] = await recordedFor(3000, 60_000);
    expect(first).toBe(2000);
    expect(second).toBe(2100);
  });

  it('lets a source be that makes keyframes often enough', async () => {
    expect(await recordedFor(10_000, 2000)).toEqual([]);
  });
});
