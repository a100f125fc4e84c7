import { describe, expect, it } from 'vitest';
import { silentLogger, until } from '#engine/testing';
import type { EncodedFrame, FrameSink } from '#engine/media';
import { FakeTap } from '../testing/FakeLecture.ts';
import { pictures, videoFormat } from '../testing/frames.ts';
import { TrackSlot } from './TrackSlot.ts';

/** When a picture is asked for a keyframe that makes them at these times, in ms, and not when asked. */
async function askedFor(frames: readonly EncodedFrame[], { gapBeforeMs = Infinity } = {}): Promise<number[]> {
  const askedAtMs: number[] = [];
  let sink: FrameSink | undefined;
  let nowMs = 0;
  const cutter = { format: () => undefined, frame: () => undefined, gap: () => undefined };
  const slot = new TrackSlot({ track: 'main-video', cutter, logger: silentLogger, targetSegmentMs: 2000, onFrame: () => undefined });
  const open = async (to: FrameSink) => {
    sink = to;
    return { end: () => undefined, close: () => undefined, requestKeyframe: () => askedAtMs.push(nowMs) };
  };
  slot.offer({ publicationId: 'pub_1', kind: 'video', source: 'camera', frames: { open } });
  await Promise.resolve();
  sink?.format(videoFormat());
  for (const frame of frames) {
    nowMs = frame.decodeTimeUs / 1000;
    if (nowMs === gapBeforeMs) sink?.gap?.();
    sink?.frame(frame);
  }
  return askedAtMs;
}

async function offer(slot: TrackSlot, publicationId: string): Promise<FakeTap> {
  const frames = new FakeTap();
  slot.offer({ publicationId, kind: 'video', source: 'camera', frames });
  await until('the tap', () => frames.isOpen);
  return frames;
}

describe('A track of a recording', () => {
  it('has what was on its way when its publication was withdrawn, and after that the next one', async () => {
    const taken: number[] = [];
    const cutter = { format: () => undefined, frame: (_: string, frame: EncodedFrame) => void taken.push(frame.decodeTimeUs / 1000), gap: () => undefined };
    const slot = new TrackSlot({ track: 'main-video', cutter, logger: silentLogger, targetSegmentMs: 2000, onFrame: () => undefined });
    const [first, last, next] = pictures({ fromMs: 0, durationMs: 300, frameRate: 10 });
    if (!first || !last || !next) throw new Error('three pictures');
    const offered = await offer(slot, 'pub_1');
    offered.frame(first);
    offered.holds(last);
    slot.withdraw('pub_1');
    expect(slot.isOnOffer).toBe(true);
    await slot.finish();
    expect(slot.isOnOffer).toBe(false);
    const after = await offer(slot, 'pub_2');
    after.frame(next);
    expect(taken).toEqual([0, 100, 200]);
    await slot.finish();
    expect(after.isOpen).toBe(false);
  });

  it('goes on with the one before when the newest is withdrawn, whether that had something on its way or not', async () => {
    const [first, last] = pictures({ fromMs: 0, durationMs: 200, frameRate: 10 });
    if (!first || !last) throw new Error('two pictures');
    for (const onItsWay of [[], [first]]) {
      const taken: number[] = [];
      const cutter = { format: () => undefined, frame: (_: string, frame: EncodedFrame) => void taken.push(frame.decodeTimeUs / 1000), gap: () => undefined };
      const slot = new TrackSlot({ track: 'main-video', cutter, logger: silentLogger, targetSegmentMs: 2000, onFrame: () => undefined });
      const encoder = await offer(slot, 'pub_encoder');
      for (const frame of onItsWay) encoder.holds(frame);
      await offer(slot, 'pub_camera');
      slot.withdraw('pub_camera');
      await until('the encoder to be taken again', () => encoder.isOpen);
      encoder.frame(last);
      expect(taken).toContain(100);
      slot.close();
    }
  });

  it('does not wait for what was on its way when another publication has come', async () => {
    const taken: number[] = [];
    const cutter = { format: () => undefined, frame: (_: string, frame: EncodedFrame) => void taken.push(frame.decodeTimeUs / 1000), gap: () => undefined };
    const slot = new TrackSlot({ track: 'main-video', cutter, logger: silentLogger, targetSegmentMs: 2000, onFrame: () => undefined });
    const [late, next] = pictures({ fromMs: 0, durationMs: 200, frameRate: 10 });
    if (!late || !next) throw new Error('two pictures');
    const offered = await offer(slot, 'pub_1');
    offered.holds(late);
    slot.withdraw('pub_1');
    const after = await offer(slot, 'pub_2');
    after.frame(next);
    await slot.finish();
    expect(taken).toEqual([100]);
    expect(offered.isOpen).toBe(false);
  });

  it('asks a source for a keyframe when it has made none for as long as a segment is wanted', async () => {
    const [first, second] = await askedFor(pictures({ fromMs: 0, durationMs: 3000, frameRate: 10, keyframeEveryMs: 60_000 }));
    expect(first).toBe(2000);
    expect(second).toBe(2100);
  });

  it('asks when its segment is due, whatever keyframes others have asked for since it began', async () => {
    const beforeSomeoneJoins = pictures({ fromMs: 0, durationMs: 1500, frameRate: 10, keyframeEveryMs: 60_000 });
    const after = pictures({ fromMs: 1500, durationMs: 1500, frameRate: 10, keyframeEveryMs: 60_000 });
    const [first] = await askedFor([...beforeSomeoneJoins, ...after]);
    expect(first).toBe(2000);
  });

  it('asks when its segment is due, although frames were lost since it began', async () => {
    const frames = pictures({ fromMs: 0, durationMs: 3000, frameRate: 10, keyframeEveryMs: 60_000 });
    const afterLoss = frames.map((frame, index) => ({ ...frame, isKeyframe: index === 0 || index === 12 })).filter((_, index) => index < 10 || index >= 12);
    const [first] = await askedFor(afterLoss, { gapBeforeMs: 1200 });
    expect(first).toBe(2000);
  });

  it('lets a source be that makes keyframes often enough', async () => {
    expect(await askedFor(pictures({ fromMs: 0, durationMs: 10_000, frameRate: 10, keyframeEveryMs: 2000 }))).toEqual([]);
  });
});
