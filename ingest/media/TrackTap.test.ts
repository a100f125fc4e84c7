import { describe, expect, it } from 'vitest';
import { frameTapConformance, silentLogger } from '#engine/testing';
import type { EncodedFrame, VideoFormat } from '#engine/media';
import { RecordedFrames } from '../testing/index.ts';
import { RecentMedia } from './RecentMedia.ts';
import { TrackTap } from './TrackTap.ts';

const format: VideoFormat = { kind: 'video', codec: 'h264', codecString: 'avc1.42c01f', decoderConfig: Buffer.of(1), widthPx: 16, heightPx: 16 };

function setUp() {
  const recent = new RecentMedia();
  const tap = new TrackTap({ kind: 'video', recent, logger: silentLogger });
  const send = (decodeTimeUs: number, isKeyframe = false) => {
    const frame: EncodedFrame = { decodeTimeUs, presentationTimeUs: decodeTimeUs, isKeyframe, data: Buffer.alloc(10) };
    recent.push('video', frame);
    tap.push(frame);
  };
  tap.setFormat(format);
  return { tap, recent, send };
}
const timesOf = (recorded: RecordedFrames) => recorded.frames.map(({ decodeTimeUs }) => decodeTimeUs);

frameTapConformance('TrackTap', () => {
  const tap = new TrackTap({ kind: 'video', recent: new RecentMedia(), logger: silentLogger });
  return { tap, format: (to) => tap.setFormat(to), frame: (frame) => tap.push(frame), ended: () => tap.end() };
});

describe('TrackTap', () => {
  it('sends the first reader the format and all frames from the first keyframe on', async () => {
    const { tap, send } = setUp();
    send(1);
    send(2, true);
    send(3);
    send(4, true);
    const recorded = await RecordedFrames.from(tap);
    send(5);
    expect(recorded.formats).toEqual([format]);
    expect(timesOf(recorded)).toEqual([2, 3, 4, 5]);
  });

  it('sends the first reader what came before a change of format, and before a gap', async () => {
    const { tap, recent, send } = setUp();
    send(1, true);
    recent.clearTrack('video');
    tap.setFormat({ ...format, widthPx: 32 });
    send(2, true);
    tap.gap();
    send(3);
    send(4, true);
    const recorded = await RecordedFrames.from(tap);
    expect(recorded.formats.map((sent) => 'widthPx' in sent && sent.widthPx)).toEqual([16, 32]);
    expect(timesOf(recorded)).toEqual([1, 2, 4]);
    expect(recorded.gaps).toBe(1);
  });

  it('keeps only the frames since the last keyframe when nobody reads it for long', async () => {
    const { tap, send } = setUp();
    for (let second = 0; second <= 12; second += 1) send(second * 1e6, second % 2 === 0);
    const recorded = await RecordedFrames.from(tap);
    expect(recorded.formats).toEqual([format]);
    expect(timesOf(recorded)).toEqual([12e6]);
  });

  it('starts a later reader at the next keyframe, so that no frame is recorded twice', async () => {
    const { tap, send } = setUp();
    send(1, true);
    await RecordedFrames.from(tap);
    send(2);
    const late = await RecordedFrames.from(tap);
    send(3);
    send(4, true);
    send(5);
    expect(timesOf(late)).toEqual([4, 5]);
  });

  it('reports a gap and continues at a keyframe', async () => {
    const { tap, send } = setUp();
    const recorded = await RecordedFrames.from(tap);
    send(1, true);
    tap.gap();
    send(2);
    send(3, true);
    expect(timesOf(recorded)).toEqual([1, 3]);
    expect(recorded.gaps).toBe(1);
  });

  it('continues for the other readers when one throws', async () => {
    const { tap, send } = setUp();
    await tap.open({ format: () => undefined, ended: () => undefined, frame: () => expect.fail('a full disk') });
    const recorded = await RecordedFrames.from(tap);
    send(1, true);
    expect(timesOf(recorded)).toEqual([1]);
  });

  it('ends a reader that opens after the end', async () => {
    const { tap } = setUp();
    const early = await RecordedFrames.from(tap);
    tap.end();
    expect([early.hasEnded, (await RecordedFrames.from(tap)).hasEnded]).toEqual([true, true]);
  });

  it('ends a reader once on its request, and sends it nothing more', async () => {
    const { tap, send } = setUp();
    const calls: string[] = [];
    const handle = await tap.open({ format: () => undefined, frame: () => calls.push('frame'), ended: () => calls.push('ended') });
    send(1, true);
    handle.end();
    handle.end();
    send(2);
    tap.end();
    expect(calls).toEqual(['frame', 'ended']);
  });

  it('ends a reader that throws', async () => {
    const { tap, send } = setUp();
    let ends = 0;
    const frame = () => {
      throw new Error('the reader fails');
    };
    await tap.open({ format: () => undefined, frame, ended: () => (ends += 1) });
    send(1, true);
    send(2);
    tap.end();
    expect(ends).toBe(1);
  });
});

describe('RecentMedia', () => {
  it('keeps the audio since the keyframe, and all audio before the first keyframe', () => {
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

  it('drops everything above its limit, and starts again at the next keyframe', () => {
    const recent = new RecentMedia();
    const frame = (isKeyframe: boolean): EncodedFrame => ({ decodeTimeUs: 1, presentationTimeUs: 1, isKeyframe, data: Buffer.alloc(10 * 1024 * 1024) });
    recent.push('video', frame(true));
    for (let i = 0; i < 5; i += 1) recent.push('video', frame(false));
    expect(recent.frames('video')).toHaveLength(0);
    recent.push('video', frame(true));
    expect(recent.frames('video')).toHaveLength(1);
  });
});
