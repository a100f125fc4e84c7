import { describe, expect, it } from 'vitest';
import { silentLogger } from '#engine/testing';
import type { EncodedFrame, VideoFormat } from '#engine/media';
import { TakenFrames } from '../testing/index.ts';
import { RecentMedia } from './RecentMedia.ts';
import { TrackTap } from './TrackTap.ts';

const format: VideoFormat = { kind: 'video', codec: 'h264', codecString: 'avc1.42c01f', decoderConfig: Buffer.of(1), widthPx: 16, heightPx: 16 };

function setUp() {
  const recent = new RecentMedia();
  const tap = new TrackTap('video', recent, silentLogger);
  const send = (decodeTimeUs: number, isKeyframe = false) => {
    const frame: EncodedFrame = { decodeTimeUs, presentationTimeUs: decodeTimeUs, isKeyframe, data: Buffer.alloc(10) };
    recent.push('video', frame);
    tap.push(frame);
  };
  tap.setFormat(format);
  return { tap, recent, send };
}
const timesOf = (taken: TakenFrames) => taken.frames.map(({ decodeTimeUs }) => decodeTimeUs);

describe('TrackTap', () => {
  it('gives the first taker everything since the last keyframe, after the format', async () => {
    const { tap, send } = setUp();
    send(1, true);
    send(2);
    const taken = await TakenFrames.from(tap);
    send(3);
    expect(taken.formats).toEqual([format]);
    expect(timesOf(taken)).toEqual([1, 2, 3]);
  });

  it('starts a later taker at the next keyframe, so that nothing is taken twice', async () => {
    const { tap, send } = setUp();
    send(1, true);
    await TakenFrames.from(tap);
    send(2);
    const late = await TakenFrames.from(tap);
    send(3);
    send(4, true);
    send(5);
    expect(timesOf(late)).toEqual([4, 5]);
  });

  it('goes on at a keyframe after a gap, and says that there was one', async () => {
    const { tap, send } = setUp();
    const taken = await TakenFrames.from(tap);
    send(1, true);
    tap.gap();
    send(2);
    send(3, true);
    expect(timesOf(taken)).toEqual([1, 3]);
    expect(taken.gaps).toBe(1);
  });

  it('keeps serving the others when one taker throws', async () => {
    const { tap, send } = setUp();
    await tap.open({ format: () => undefined, ended: () => undefined, frame: () => expect.fail('a full disk') });
    const taken = await TakenFrames.from(tap);
    send(1, true);
    expect(timesOf(taken)).toEqual([1]);
  });

  it('tells whoever comes after the end that it has ended', async () => {
    const { tap } = setUp();
    const early = await TakenFrames.from(tap);
    tap.end();
    expect([early.hasEnded, (await TakenFrames.from(tap)).hasEnded]).toEqual([true, true]);
  });

  it('tells a taker that is to end that it has ended, once, and gives it nothing more', async () => {
    const { tap, send } = setUp();
    const told: string[] = [];
    const handle = await tap.open({ format: () => undefined, frame: () => told.push('frame'), ended: () => told.push('ended') });
    send(1, true);
    handle.end();
    handle.end();
    send(2);
    tap.end();
    expect(told).toEqual(['frame', 'ended']);
  });

  it('tells a taker that failed that it has ended', async () => {
    const { tap, send } = setUp();
    let ends = 0;
    const frame = () => {
      throw new Error('the taker fails');
    };
    await tap.open({ format: () => undefined, frame, ended: () => (ends += 1) });
    send(1, true);
    send(2);
    tap.end();
    expect(ends).toBe(1);
  });
});

describe('RecentMedia', () => {
  it('keeps the sound from the keyframe on, and from the very start for the first', () => {
    const recent = new RecentMedia();
    const frame = (decodeTimeUs: number, isKeyframe = true): EncodedFrame => ({ decodeTimeUs, presentationTimeUs: decodeTimeUs, isKeyframe, data: Buffer.alloc(1) });
    for (const at of [1, 2]) recent.push('audio', frame(at));
    recent.push('video', frame(3));
    expect(recent.frames('audio')).toHaveLength(2);
    for (const at of [4, 9]) recent.push('audio', frame(at));
    recent.push('video', frame(8));
    expect(recent.frames('audio').map(({ decodeTimeUs }) => decodeTimeUs)).toEqual([9]);
    expect(recent.frames('video')).toHaveLength(1);
  });

  it('holds no more than it is allowed, and starts again at the next keyframe', () => {
    const recent = new RecentMedia();
    const frame = (isKeyframe: boolean): EncodedFrame => ({ decodeTimeUs: 1, presentationTimeUs: 1, isKeyframe, data: Buffer.alloc(10 * 1024 * 1024) });
    recent.push('video', frame(true));
    for (let i = 0; i < 5; i += 1) recent.push('video', frame(false));
    expect(recent.frames('video')).toHaveLength(0);
    recent.push('video', frame(true));
    expect(recent.frames('video')).toHaveLength(1);
  });
});
