import { describe, expect, it } from 'vitest';
import { ManualClock, silentLogger, until } from '#engine/testing';
import type { EncodedFrame, FrameSink } from '#engine/media';
import { FakeTap, sendsAtOnce } from '../testing/FakeLecture.ts';
import { videoFrames, audioFrames, videoFormat } from '../testing/frames.ts';
import { TrackSlot } from './TrackSlot.ts';

const slotOptions = { clock: new ManualClock(), logger: silentLogger, targetSegmentMs: 2000, onFrame: () => undefined, onUnreadable: () => undefined };

/** Feeds frames of a source that ignores requests; returns the times, in ms, of the keyframe requests. */
async function keyframeRequests(frames: readonly EncodedFrame[], { gapBeforeMs = Infinity } = {}): Promise<number[]> {
  const requestedAtMs: number[] = [];
  let sink: FrameSink | undefined;
  let nowMs = 0;
  const segmenter = { format: () => undefined, frame: () => undefined, gap: () => undefined, absent: () => undefined };
  const slot = new TrackSlot({ track: 'main-video', segmenter, ...slotOptions });
  const open = async (to: FrameSink) => {
    sink = to;
    return { end: () => undefined, close: () => undefined, requestKeyframe: () => requestedAtMs.push(nowMs) };
  };
  slot.add({ publicationId: 'pub_1', kind: 'video', source: 'camera', isPaused: false, frames: { open }, onMedia: sendsAtOnce });
  await Promise.resolve();
  sink?.format(videoFormat());
  for (const frame of frames) {
    nowMs = frame.decodeTimeUs / 1000;
    if (nowMs === gapBeforeMs) sink?.gap?.();
    sink?.frame(frame);
  }
  return requestedAtMs;
}

async function publish(slot: TrackSlot, publicationId: string, onMedia = sendsAtOnce): Promise<FakeTap> {
  const frames = new FakeTap();
  slot.add({ publicationId, kind: 'video', source: 'camera', isPaused: false, frames, onMedia });
  await until('the tap', () => frames.isOpen);
  return frames;
}

function openAudioSlot() {
  const recorded: EncodedFrame[] = [];
  const segmenter = { format: () => undefined, frame: (_: string, frame: EncodedFrame) => void recorded.push(frame), gap: () => undefined, absent: () => undefined };
  const slot = new TrackSlot({ track: 'main-audio', segmenter, ...slotOptions });
  return { slot, recorded };
}

describe('A track of a recording', () => {
  it('records the frames in flight of a publication that ends, and then the next publication', async () => {
    const recorded: number[] = [];
    const segmenter = { format: () => undefined, frame: (_: string, frame: EncodedFrame) => void recorded.push(frame.decodeTimeUs / 1000), gap: () => undefined, absent: () => undefined };
    const slot = new TrackSlot({ track: 'main-video', segmenter, ...slotOptions });
    const [first, last, next] = videoFrames({ fromMs: 0, durationMs: 300, frameRate: 10, keyframeEveryMs: 100 });
    if (!first || !last || !next) throw new Error('expected three frames');
    const before = await publish(slot, 'pub_1');
    before.frame(first);
    before.holdBack(last);
    slot.remove('pub_1');
    expect(slot.hasPublication).toBe(true);
    await slot.finish();
    expect(slot.hasPublication).toBe(false);
    const after = await publish(slot, 'pub_2');
    after.frame(next);
    expect(recorded).toEqual([0, 100, 200]);
    await slot.finish();
    expect(after.isOpen).toBe(false);
  });

  it('stays with the publication that sends until a newer one sends its first media', async () => {
    const { slot, recorded } = openAudioSlot();
    const [first, last] = audioFrames({ fromMs: 0, durationMs: 50 });
    if (!first || !last) throw new Error('expected two frames');
    const encoder = await publish(slot, 'pub_encoder');
    let firstCame: () => void = () => undefined;
    const blocked = new FakeTap();
    slot.add({ publicationId: 'pub_blocked', kind: 'audio', source: 'microphone', isPaused: false, frames: blocked, onMedia: (listener) => (firstCame = listener) });
    await Promise.resolve();
    expect(blocked.isOpen).toBe(false);
    encoder.frame(first);
    firstCame();
    await until('the newer publication to be recorded', () => blocked.isOpen);
    blocked.frame(last);
    expect(recorded).toEqual([first, last]);
    slot.close();
  });

  it('switches at once from a paused publication to one that has not sent media yet', async () => {
    const { slot } = openAudioSlot();
    const paused = await publish(slot, 'pub_paused');
    slot.setPaused('pub_paused', true);
    await publish(slot, 'pub_next', () => undefined);
    expect(paused.isOpen).toBe(false);
    slot.close();
  });

  it('opens a publication that has not sent media yet when there is no other', async () => {
    const { slot } = openAudioSlot();
    await publish(slot, 'pub_1', () => undefined);
    slot.close();
  });

  it('returns to the previous publication when the newest one ends, with or without frames in flight', async () => {
    const [first, last] = videoFrames({ fromMs: 0, durationMs: 200, frameRate: 10, keyframeEveryMs: 100 });
    if (!first || !last) throw new Error('expected two frames');
    for (const inFlight of [[], [first]]) {
      const recorded: number[] = [];
      const segmenter = { format: () => undefined, frame: (_: string, frame: EncodedFrame) => void recorded.push(frame.decodeTimeUs / 1000), gap: () => undefined, absent: () => undefined };
      const slot = new TrackSlot({ track: 'main-video', segmenter, ...slotOptions });
      const encoder = await publish(slot, 'pub_encoder');
      for (const frame of inFlight) encoder.holdBack(frame);
      await publish(slot, 'pub_camera');
      slot.remove('pub_camera');
      await until('the encoder to be recorded again', () => encoder.isOpen);
      encoder.frame(last);
      expect(recorded).toContain(100);
      slot.close();
    }
  });

  it('returns to the previous publication when the media of the newest one ends', async () => {
    const { slot, recorded } = openAudioSlot();
    const [first] = audioFrames({ fromMs: 0, durationMs: 50 });
    if (!first) throw new Error('expected a frame');
    const encoder = await publish(slot, 'pub_encoder');
    const camera = await publish(slot, 'pub_camera');
    camera.ended();
    await until('the encoder to be recorded again', () => encoder.isOpen);
    encoder.frame(first);
    expect(recorded).toEqual([first]);
    slot.close();
  });

  it('does not wait for frames in flight when another publication follows', async () => {
    const recorded: number[] = [];
    const segmenter = { format: () => undefined, frame: (_: string, frame: EncodedFrame) => void recorded.push(frame.decodeTimeUs / 1000), gap: () => undefined, absent: () => undefined };
    const slot = new TrackSlot({ track: 'main-video', segmenter, ...slotOptions });
    const [late, next] = videoFrames({ fromMs: 0, durationMs: 200, frameRate: 10, keyframeEveryMs: 100 });
    if (!late || !next) throw new Error('expected two frames');
    const before = await publish(slot, 'pub_1');
    before.holdBack(late);
    slot.remove('pub_1');
    const after = await publish(slot, 'pub_2');
    after.frame(next);
    await slot.finish();
    expect(recorded).toEqual([100]);
    expect(before.isOpen).toBe(false);
  });

  it('records the newest publication while it is not paused, and the one that sends otherwise', async () => {
    const { slot, recorded } = openAudioSlot();
    const [first, second, third, fourth] = audioFrames({ fromMs: 0, durationMs: 100, codec: 'opus' });
    if (!first || !second || !third || !fourth) throw new Error('expected four frames');
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
    expect(recorded).toEqual([first, second, third, fourth]);
    slot.close();
  });

  it('keeps the only publication, whether it is paused or not', async () => {
    const { slot, recorded } = openAudioSlot();
    const [first, second] = audioFrames({ fromMs: 0, durationMs: 100, codec: 'opus' });
    if (!first || !second) throw new Error('expected two frames');
    const only = new FakeTap();
    slot.add({ publicationId: 'pub_1', kind: 'audio', source: 'microphone', isPaused: true, frames: only, onMedia: sendsAtOnce });
    await until('the tap', () => only.isOpen);
    slot.setPaused('pub_1', false);
    only.frame(first);
    slot.setPaused('pub_1', true);
    only.frame(second);
    expect(recorded).toEqual([first, second]);
    slot.close();
  });

  it('records every frame once, even when other publications are paused in quick succession', async () => {
    const { slot, recorded } = openAudioSlot();
    const [first] = audioFrames({ fromMs: 0, durationMs: 100, codec: 'opus' });
    if (!first) throw new Error('expected a frame');
    const speaking = new FakeTap();
    slot.add({ publicationId: 'pub_speaking', kind: 'audio', source: 'microphone', isPaused: false, frames: speaking, onMedia: sendsAtOnce });
    slot.add({ publicationId: 'pub_other', kind: 'audio', source: 'microphone', isPaused: false, frames: new FakeTap(), onMedia: sendsAtOnce });
    slot.setPaused('pub_other', true);
    await until('the tap', () => speaking.isOpen);
    speaking.frame(first);
    expect(recorded).toEqual([first]);
    slot.close();
    expect(speaking.isOpen).toBe(false);
  });

  it('keeps the last frame until the publication that follows has a keyframe', async () => {
    const calls: string[] = [];
    const segmenter = { format: () => undefined, frame: () => void calls.push('frame'), gap: () => undefined, absent: () => void calls.push('absent') };
    const slot = new TrackSlot({ track: 'main-video', segmenter, ...slotOptions });
    const [first, second] = videoFrames({ fromMs: 0, durationMs: 200, frameRate: 10, keyframeEveryMs: 100 });
    if (!first || !second) throw new Error('expected two frames');
    const encoder = await publish(slot, 'pub_encoder');
    const camera = await publish(slot, 'pub_camera');
    camera.frame(first);
    slot.remove('pub_camera');
    await until('the tap of the encoder', () => encoder.isOpen);
    expect(calls).toEqual(['frame']);
    encoder.frame(second);
    slot.remove('pub_encoder');
    expect(calls).toEqual(['frame', 'frame', 'absent']);
  });

  it('reports that its source is absent when the publication is paused, with a frame in flight, and when it ends', async () => {
    const calls: string[] = [];
    const segmenter = { format: () => undefined, frame: () => void calls.push('frame'), gap: () => undefined, absent: () => void calls.push('absent') };
    const slot = new TrackSlot({ track: 'main-video', segmenter, ...slotOptions });
    const [first, second, third] = videoFrames({ fromMs: 0, durationMs: 300, frameRate: 10 });
    if (!first || !second || !third) throw new Error('expected three frames');
    const camera = await publish(slot, 'pub_1');
    camera.frame(first);
    slot.setPaused('pub_1', true);
    camera.frame(second);
    slot.setPaused('pub_1', false);
    camera.frame(third);
    slot.remove('pub_1');
    expect(calls).toEqual(['frame', 'absent', 'frame', 'absent', 'frame', 'absent']);
  });

  it('requests a keyframe when a source has sent none for the length of a segment', async () => {
    const [first, second] = await keyframeRequests(videoFrames({ fromMs: 0, durationMs: 3000, frameRate: 10, keyframeEveryMs: 60_000 }));
    expect(first).toBe(2000);
    expect(second).toBe(2100);
  });

  it('requests a keyframe when the segment is due, although a joining viewer had requested one before', async () => {
    const beforeJoin = videoFrames({ fromMs: 0, durationMs: 1500, frameRate: 10, keyframeEveryMs: 60_000 });
    const afterJoin = videoFrames({ fromMs: 1500, durationMs: 1500, frameRate: 10, keyframeEveryMs: 60_000 });
    const [first] = await keyframeRequests([...beforeJoin, ...afterJoin]);
    expect(first).toBe(2000);
  });

  it('requests a keyframe when the segment is due, although frames were lost in it', async () => {
    const frames = videoFrames({ fromMs: 0, durationMs: 3000, frameRate: 10, keyframeEveryMs: 60_000 });
    const afterLoss = frames.map((frame, index) => ({ ...frame, isKeyframe: index === 0 || index === 12 })).filter((_, index) => index < 10 || index >= 12);
    const [first] = await keyframeRequests(afterLoss, { gapBeforeMs: 1200 });
    expect(first).toBe(2000);
  });

  it('requests no keyframe of a source that sends them often enough', async () => {
    expect(await keyframeRequests(videoFrames({ fromMs: 0, durationMs: 10_000, frameRate: 10, keyframeEveryMs: 2000 }))).toEqual([]);
  });
});
