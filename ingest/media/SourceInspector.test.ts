import { describe, expect, it } from 'vitest';
import { parseAvcConfig } from '#engine/media';
import { adviseOnSource } from './adviseOnSource.ts';
import { SourceInspector } from './SourceInspector.ts';

const zerolatency = parseAvcConfig(Buffer.from('0142c01fffe100196742c01fd9005005bb0110000003001000000303c8f183248001000568cb83cb20', 'hex'));
const obsDefault = parseAvcConfig(Buffer.from('0164002affe1001b6764002aacd940780227e5c044000003000400000301e03c60c65801000668ebe3cb22c0fdf8f800', 'hex'));

/** Presentation times in a group with two B-frames, in frames after the decode time. */
const bFrameOffsets = [1, 3, 0, 0];

function inspect(options: { frames: number; keyframeEvery: number; hasBFrames?: boolean; bytes?: number; frameUs?: number }): SourceInspector {
  const inspector = new SourceInspector();
  const { frames, keyframeEvery, hasBFrames = false, bytes = 10_000, frameUs = 33_333 } = options;
  for (let i = 0; i < frames; i += 1) {
    const decodeTimeUs = 1e9 + i * frameUs;
    const offset = hasBFrames ? (bFrameOffsets[i % 4] ?? 0) : 1;
    inspector.frame('video', { decodeTimeUs, presentationTimeUs: decodeTimeUs + offset * frameUs, isKeyframe: i % keyframeEvery === 0, data: Buffer.alloc(bytes) });
    inspector.frame('audio', { decodeTimeUs, presentationTimeUs: decodeTimeUs, isKeyframe: true, data: Buffer.alloc(500) });
  }
  return inspector;
}

describe('SourceInspector', () => {
  it('measures frame rate, bitrates and keyframe interval', () => {
    const inspector = inspect({ frames: 200, keyframeEvery: 60 });
    inspector.videoConfig(zerolatency);
    const { frameRate, videoBitrateBps, audioBitrateBps, keyframeIntervalSeconds, hasBFrames, widthPx } = inspector.measure();
    expect({ frameRate, keyframeIntervalSeconds, hasBFrames, widthPx }).toEqual({ frameRate: 30, keyframeIntervalSeconds: 2, hasBFrames: false, widthPx: 1280 });
    expect(videoBitrateBps).toBeCloseTo(2_400_000, -4);
    expect(audioBitrateBps).toBeCloseTo(120_000, -3);
    expect(inspector.reencodeReason()).toBeUndefined();
    expect(adviseOnSource(inspector.measure())).toEqual([]);
  });

  it('counts the frames that are missing between others, and not a stall', () => {
    const inspector = new SourceInspector();
    let decodeTimeUs = 0;
    const send = (afterFrames: number) => {
      decodeTimeUs += afterFrames * 33_333;
      inspector.frame('video', { decodeTimeUs, presentationTimeUs: decodeTimeUs, isKeyframe: false, data: Buffer.alloc(100) });
    };
    for (let frame = 0; frame < 40; frame += 1) send(1);
    expect(inspector.measure().droppedFrames).toBe(0);
    send(3);
    for (let frame = 0; frame < 20; frame += 1) send(1);
    send(90);
    expect(inspector.measure().droppedFrames).toBe(2);
  });

  it('does not take a stalled network for rare keyframes', () => {
    const inspector = inspect({ frames: 90, keyframeEvery: 30 });
    const afterStallUs = 1e9 + 90 * 33_333 + 8e6;
    for (const [index, isKeyframe] of [false, true, false].entries()) {
      const decodeTimeUs = afterStallUs + index * 33_333;
      inspector.frame('video', { decodeTimeUs, presentationTimeUs: decodeTimeUs, isKeyframe, data: Buffer.alloc(100) });
    }
    expect(inspector.reencodeReason()).toBeUndefined();
    expect(inspector.measure().keyframeIntervalSeconds).toBe(1);
  });

  it.each([
    ['sends a frame every two seconds and a keyframe every 250 frames', (ms: number) => ms % 2000 === 0],
    ['sends frames at 0, 1 and 2 s, and then none', (ms: number) => ms % 1000 === 0 && ms <= 2000],
  ])('reports rare keyframes of a source that %s, while its audio continues', (_, isSent) => {
    const inspector = new SourceInspector();
    let reportedMs: number | undefined;
    for (let ms = 0; ms <= 30_000; ms += 20) {
      const [decodeTimeUs, rest] = [1e9 + ms * 1000, { isKeyframe: ms === 0, data: Buffer.alloc(100) }];
      if (isSent(ms)) inspector.frame('video', { decodeTimeUs, presentationTimeUs: decodeTimeUs, ...rest });
      inspector.frame('audio', { decodeTimeUs, presentationTimeUs: decodeTimeUs, ...rest, isKeyframe: true });
      if (inspector.reencodeReason() === 'rareKeyframes') reportedMs ??= ms;
    }
    expect(reportedMs).toBe(2120);
  });

  it('finds B-frames in the parameter set, before any frame', () => {
    const inspector = new SourceInspector();
    inspector.videoConfig(obsDefault);
    expect(inspector.reencodeReason()).toBe('bFrames');
  });

  it('finds B-frames in the order of ten frames, when the parameter set does not contain it', () => {
    expect(inspect({ frames: 10, keyframeEvery: 250, hasBFrames: true }).reencodeReason()).toBe('bFrames');
    expect(inspect({ frames: 1, keyframeEvery: 250 }).measure().hasBFrames).toBeNull();
  });

  it('does not take a constant delay between decoding and presentation for B-frames', () => {
    expect(inspect({ frames: 30, keyframeEvery: 30 }).measure().hasBFrames).toBe(false);
  });

  it('reports rare keyframes as soon as the second one is overdue, and not before', () => {
    expect(inspect({ frames: 62, keyframeEvery: 250 }).reencodeReason()).toBeUndefined();
    expect(inspect({ frames: 66, keyframeEvery: 250 }).reencodeReason()).toBe('rareKeyframes');
    expect(inspect({ frames: 600, keyframeEvery: 250 }).measure().keyframeIntervalSeconds).toBeCloseTo(8.33, 2);
  });

  it('copies keyframes that are two seconds apart at 29.97 frames a second', () => {
    expect(inspect({ frames: 300, keyframeEvery: 60, frameUs: 33_367 }).reencodeReason()).toBeUndefined();
  });

  it('re-encodes interlaced and 4:4:4 video', () => {
    const inspector = new SourceInspector();
    inspector.videoConfig(parseAvcConfig(Buffer.from('01f4001fffe1001967f4001f919b281b07bc5f808800001f480007530078c18cb001000668ebe3c44844fff8f800', 'hex')));
    expect(inspector.reencodeReason()).toBe('format');
    expect(inspector.measure().browserObstacle).toBe('chroma');
  });
});

describe('adviseOnSource', () => {
  it("advises on OBS's defaults, B-frames first", () => {
    const advice = adviseOnSource(inspect({ frames: 600, keyframeEvery: 250, hasBFrames: true, bytes: 30_000 }).measure());
    expect(advice[0]).toContain('Tune: zerolatency');
    expect(advice[1]).toContain('Settings → Output → Output Mode: Advanced → Streaming → Keyframe Interval: 1 s (now 8.3 s)');
    expect(advice[2]).toContain('now 7.2 Mbps');
  });

  it.each([
    ['chroma', 'Color Format: NV12'],
    ['bitDepth', 'Color Format: NV12'],
    ['interlaced', 'progressive'],
    ['profile', 'Profile: high'],
  ] as const)('advises first on what browsers cannot play: %s', (browserObstacle, setting) => {
    const measured = inspect({ frames: 600, keyframeEvery: 250, hasBFrames: true }).measure();
    expect(adviseOnSource({ ...measured, browserObstacle })[0]).toContain(setting);
  });

  it('says "video", not "picture"', () => {
    const advice = adviseOnSource({ ...inspect({ frames: 600, keyframeEvery: 250, hasBFrames: true, bytes: 30_000 }).measure(), browserObstacle: 'interlaced' });
    expect(advice.join(' ')).not.toContain('picture');
  });
});
