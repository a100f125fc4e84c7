import { describe, expect, it } from 'vitest';
import { silentLogger, until } from '#engine/testing';
import type { EncodedFrame, FrameSink } from '#engine/media';
import { FakeTap, sendsAtOnce } from '../testing/FakeLecture.ts';
import { videoFrames, audioFrames, videoFormat } from '../testing/frames.ts';
import { TrackSlot } from './TrackSlot.ts';

/** When a picture is asked for a keyframe that makes them at these times, in ms, and not when asked. */
async function askedFor(frames: readonly EncodedFrame[], { gapBeforeMs = Infinity } = {}): Promise<number[]> {
  const askedAtMs: number[] = [];
  let sink: FrameSink | undefined;
  let nowMs = 0;
  const segmenter = { format: () => undefined, frame: () => undefined, gap: () => undefined };
  const slot = new TrackSlot({ track: 'main-video', segmenter, logger: silentLogger, targetSegmentMs: 2000, onFrame: () => undefined });
  const open = async (to: FrameSink) => {
    sink = to;
    return { end: () => undefined, close: () => undefined, requestKeyframe: () => askedAtMs.push(nowMs) };
  };
  slot.add({ publicationId: 'pub_1', kind: 'video', source: 'camera', isPaused: false, frames: { open }, onMedia: sendsAtOnce });
  await Promise.resolve();
  sink?.format(videoFormat());
  for (const frame of frames) {
    nowMs = frame.decodeTimeUs / 1000;
    if (nowMs === gapBeforeMs) sink?.gap?.();
    sink?.frame(frame);
  }
  return askedAtMs;
}

async function offer(slot: TrackSlot, publicationId: string, onMedia = sendsAtOnce): Promise<FakeTap> {
  const frames = new FakeTap();
  slot.add({ publicationId, kind: 'video', source: 'camera', isPaused: false, frames, onMedia });
  await until('the tap', () => frames.isOpen);
  return frames;
}

function openAudioSlot() {
  const taken: EncodedFrame[] = [];
  const segmenter = { format: () => undefined, frame: (_: string, frame: EncodedFrame) => void taken.push(frame), gap: () => undefined };
  const slot = new TrackSlot({ track: 'main-audio', segmenter, logger: silentLogger, targetSegmentMs: 2000, onFrame: () => undefined });
  return { slot, taken };
}

describe('A track of a recording', () => {
  it('has what was on its way when its publication was withdrawn, and after that the next one', async () => {
    const taken: number[] = [];
    const segmenter = { format: () => undefined, frame: (_: string, frame: EncodedFrame) => void taken.push(frame.decodeTimeUs / 1000), gap: () => undefined };
    const slot = new TrackSlot({ track: 'main-video', segmenter, logger: silentLogger, targetSegmentMs: 2000, onFrame: () => undefined });
    const [first, last, next] = videoFrames({ fromMs: 0, durationMs: 300, frameRate: 10 });
    if (!first || !last || !next) throw new Error('three pictures');
    const offered = await offer(slot, 'pub_1');
    offered.frame(first);
    offered.holdBack(last);
    slot.remove('pub_1');
    expect(slot.hasPublication).toBe(true);
    await slot.finish();
    expect(slot.hasPublication).toBe(false);
    const after = await offer(slot, 'pub_2');
    after.frame(next);
    expect(taken).toEqual([0, 100, 200]);
    await slot.finish();
    expect(after.isOpen).toBe(false);
  });

  it('stays with the one that sends while nothing comes of a newer one, and goes over to that with its first', async () => {
    const { slot, taken } = openAudioSlot();
    const [first, last] = audioFrames({ fromMs: 0, durationMs: 50 });
    if (!first || !last) throw new Error('two sounds');
    const encoder = await offer(slot, 'pub_encoder');
    let firstCame: () => void = () => undefined;
    const blocked = new FakeTap();
    slot.add({ publicationId: 'pub_blocked', kind: 'audio', source: 'microphone', isPaused: false, frames: blocked, onMedia: (listener) => (firstCame = listener) });
    await Promise.resolve();
    expect(blocked.isOpen).toBe(false);
    encoder.frame(first);
    firstCame();
    await until('the newer one to be taken', () => blocked.isOpen);
    blocked.frame(last);
    expect(taken).toEqual([first, last]);
    slot.close();
  });

  it('goes over at once from one that is paused to one of which nothing has come yet', async () => {
    const { slot } = openAudioSlot();
    const paused = await offer(slot, 'pub_paused');
    slot.setPaused('pub_paused', true);
    await offer(slot, 'pub_next', () => undefined);
    expect(paused.isOpen).toBe(false);
    slot.close();
  });

  it('is open for one of which nothing has come yet where there is no other', async () => {
    const { slot } = openAudioSlot();
    await offer(slot, 'pub_1', () => undefined);
    slot.close();
  });

  it('goes on with the one before when the newest is withdrawn, whether that had something on its way or not', async () => {
    const [first, last] = videoFrames({ fromMs: 0, durationMs: 200, frameRate: 10 });
    if (!first || !last) throw new Error('two pictures');
    for (const onItsWay of [[], [first]]) {
      const taken: number[] = [];
      const segmenter = { format: () => undefined, frame: (_: string, frame: EncodedFrame) => void taken.push(frame.decodeTimeUs / 1000), gap: () => undefined };
      const slot = new TrackSlot({ track: 'main-video', segmenter, logger: silentLogger, targetSegmentMs: 2000, onFrame: () => undefined });
      const encoder = await offer(slot, 'pub_encoder');
      for (const frame of onItsWay) encoder.holdBack(frame);
      await offer(slot, 'pub_camera');
      slot.remove('pub_camera');
      await until('the encoder to be taken again', () => encoder.isOpen);
      encoder.frame(last);
      expect(taken).toContain(100);
      slot.close();
    }
  });

  it('does not wait for what was on its way when another publication has come', async () => {
    const taken: number[] = [];
    const segmenter = { format: () => undefined, frame: (_: string, frame: EncodedFrame) => void taken.push(frame.decodeTimeUs / 1000), gap: () => undefined };
    const slot = new TrackSlot({ track: 'main-video', segmenter, logger: silentLogger, targetSegmentMs: 2000, onFrame: () => undefined });
    const [late, next] = videoFrames({ fromMs: 0, durationMs: 200, frameRate: 10 });
    if (!late || !next) throw new Error('two pictures');
    const offered = await offer(slot, 'pub_1');
    offered.holdBack(late);
    slot.remove('pub_1');
    const after = await offer(slot, 'pub_2');
    after.frame(next);
    await slot.finish();
    expect(taken).toEqual([100]);
    expect(offered.isOpen).toBe(false);
  });

  it('stays with the one that sends while the newest is paused, and has that one for as long as it is not', async () => {
    const { slot, taken } = openAudioSlot();
    const [first, second, third, fourth] = audioFrames({ fromMs: 0, durationMs: 100, codec: 'opus' });
    if (!first || !second || !third || !fourth) throw new Error('four sounds');
    const [speaking, muted] = [new FakeTap(), new FakeTap()];
    slot.add({ publicationId: 'pub_speaking', kind: 'audio', source: 'microphone', isPaused: false, frames: speaking, onMedia: sendsAtOnce });
    slot.add({ publicationId: 'pub_muted', kind: 'audio', source: 'microphone', isPaused: true, frames: muted, onMedia: sendsAtOnce });
    await until('a tap', () => speaking.isOpen || muted.isOpen);
    speaking.frame(first);
    slot.setPaused('pub_muted', false);
    await until('the other tap', () => muted.isOpen);
    muted.frame(second);
    expect(speaking.isOpen).toBe(false);
    slot.setPaused('pub_muted', true);
    await until('the first tap', () => speaking.isOpen);
    speaking.frame(third);
    slot.setPaused('pub_speaking', true);
    speaking.frame(fourth);
    expect(taken).toEqual([first, second, third, fourth]);
    slot.close();
  });

  it('keeps the only one, whether it is paused or not', async () => {
    const { slot, taken } = openAudioSlot();
    const [first, second] = audioFrames({ fromMs: 0, durationMs: 100, codec: 'opus' });
    if (!first || !second) throw new Error('two sounds');
    const only = new FakeTap();
    slot.add({ publicationId: 'pub_1', kind: 'audio', source: 'microphone', isPaused: true, frames: only, onMedia: sendsAtOnce });
    await until('the tap', () => only.isOpen);
    slot.setPaused('pub_1', false);
    only.frame(first);
    slot.setPaused('pub_1', true);
    only.frame(second);
    expect(taken).toEqual([first, second]);
    slot.close();
  });

  it('has every frame once, however quickly others are paused and not', async () => {
    const { slot, taken } = openAudioSlot();
    const [first] = audioFrames({ fromMs: 0, durationMs: 100, codec: 'opus' });
    if (!first) throw new Error('a sound');
    const speaking = new FakeTap();
    slot.add({ publicationId: 'pub_speaking', kind: 'audio', source: 'microphone', isPaused: false, frames: speaking, onMedia: sendsAtOnce });
    slot.add({ publicationId: 'pub_other', kind: 'audio', source: 'microphone', isPaused: false, frames: new FakeTap(), onMedia: sendsAtOnce });
    slot.setPaused('pub_other', true);
    await until('the tap', () => speaking.isOpen);
    speaking.frame(first);
    expect(taken).toEqual([first]);
    slot.close();
    expect(speaking.isOpen).toBe(false);
  });

  it('asks a source for a keyframe when it has made none for as long as a segment is wanted', async () => {
    const [first, second] = await askedFor(videoFrames({ fromMs: 0, durationMs: 3000, frameRate: 10, keyframeEveryMs: 60_000 }));
    expect(first).toBe(2000);
    expect(second).toBe(2100);
  });

  it('asks when its segment is due, whatever keyframes others have asked for since it began', async () => {
    const beforeSomeoneJoins = videoFrames({ fromMs: 0, durationMs: 1500, frameRate: 10, keyframeEveryMs: 60_000 });
    const after = videoFrames({ fromMs: 1500, durationMs: 1500, frameRate: 10, keyframeEveryMs: 60_000 });
    const [first] = await askedFor([...beforeSomeoneJoins, ...after]);
    expect(first).toBe(2000);
  });

  it('asks when its segment is due, although frames were lost since it began', async () => {
    const frames = videoFrames({ fromMs: 0, durationMs: 3000, frameRate: 10, keyframeEveryMs: 60_000 });
    const afterLoss = frames.map((frame, index) => ({ ...frame, isKeyframe: index === 0 || index === 12 })).filter((_, index) => index < 10 || index >= 12);
    const [first] = await askedFor(afterLoss, { gapBeforeMs: 1200 });
    expect(first).toBe(2000);
  });

  it('lets a source be that makes keyframes often enough', async () => {
    expect(await askedFor(videoFrames({ fromMs: 0, durationMs: 10_000, frameRate: 10, keyframeEveryMs: 2000 }))).toEqual([]);
  });
});
