import { describe, expect, it } from 'vitest';
import { buildAvcConfig, lengthPrefixed } from '#engine/media';
import type { AudioFormat, AvcConfig, EncodedFrame } from '#engine/media';
import { ManualClock } from '#engine/testing';
import type { MediaReceiver, SourceTiming } from '../session/MediaReceiver.ts';
import { FlvMediaReader } from './FlvMediaReader.ts';

const sps = Buffer.from('6742c01ed900a02ff970110000030001000003003c0f162e48', 'hex');
const pps = Buffer.from('68cb83cb20', 'hex');
const slice = Buffer.from('6588840021ffffff', 'hex');
const record = buildAvcConfig({ spsUnits: [sps], ppsUnits: [pps] }).format.decoderConfig;
const config = (bytes: Uint8Array) => Buffer.concat([Buffer.of(0x17, 0, 0, 0, 0), bytes]);
const frame = (...units: Uint8Array[]) => Buffer.concat([Buffer.of(0x17, 1, 0, 0, 0), lengthPrefixed(units)]);
const audioConfig = (bytes: readonly number[]) => Buffer.from([0xaf, 0, ...bytes]);
const audioFrame = Buffer.of(0xaf, 1, 0x21, 0x10);

class Heard implements MediaReceiver {
  readonly events: string[] = [];
  readonly timings: SourceTiming[] = [];

  videoConfig({ format }: AvcConfig): void {
    this.events.push(format.codecString);
  }

  audioFormat({ codecString }: AudioFormat): void {
    this.events.push(codecString);
  }

  frame(kind: string, { isKeyframe }: EncodedFrame): void {
    this.events.push(isKeyframe ? `${kind} keyframe` : kind);
  }

  damaged(kind: string): void {
    this.events.push(`${kind} damaged`);
  }

  unreadable(kind: string): void {
    this.events.push(`${kind} unreadable`);
  }

  timing(timing: SourceTiming): void {
    this.timings.push(timing);
  }

  arrived(): void {}
  end(): void {}
}

function open() {
  const clock = new ManualClock();
  const heard = new Heard();
  const reader = new FlvMediaReader(clock, heard);
  let timestampMs = 0;
  return {
    clock,
    heard,
    video: (...bodies: Buffer[]) => bodies.forEach((body) => reader.packet({ kind: 'video', timestampMs: (timestampMs += 20), body })),
    audio: (body: Buffer, atMs = (timestampMs += 20)) => reader.packet({ kind: 'audio', timestampMs: atMs, body }),
  };
}

describe('FlvMediaReader', () => {
  it('waits for a good configuration after a bad one', () => {
    const { heard, video } = open();
    video(config(Buffer.of(1, 2, 3)), frame(slice), config(record), frame(slice));
    expect(heard.events).toEqual(['video unreadable', 'avc1.42c01e', 'video keyframe']);
  });

  it('keeps its configuration when a bad one follows', () => {
    const { heard, video } = open();
    video(config(record), config(Buffer.of(9)), frame(slice));
    expect(heard.events).toEqual(['avc1.42c01e', 'video unreadable', 'video keyframe']);
  });

  it('ignores an empty configuration, and takes SPS and PPS from the frames, together or one after the other', () => {
    const { heard, video } = open();
    video(config(Buffer.alloc(0)), frame(slice), frame(sps), frame(pps), frame(slice));
    expect(heard.events).toEqual(['avc1.42c01e', 'video keyframe']);
    const other = open();
    other.video(frame(sps, pps, slice));
    expect(other.heard.events).toEqual(['avc1.42c01e', 'video keyframe']);
  });

  it('keeps its configuration when a frame has an invalid SPS', () => {
    const { heard, video } = open();
    video(config(record), frame(Buffer.of(0x67, 1), pps, slice));
    expect(heard.events).toEqual(['avc1.42c01e', 'video unreadable', 'video keyframe']);
  });

  it('reads byte streams in place of configuration and frames', () => {
    const { heard, video } = open();
    const code = Buffer.of(0, 0, 0, 1);
    video(config(Buffer.concat([code, sps, code, pps])), Buffer.concat([Buffer.of(0x17, 1, 0, 0, 0), code.subarray(1), slice]));
    expect(heard.events).toEqual(['avc1.42c01e', 'video keyframe']);
  });

  it('reports a damaged frame', () => {
    const { heard, video } = open();
    video(config(record), Buffer.of(0x27, 1, 0, 0, 0, 0, 0, 0, 99, 1));
    expect(heard.events).toEqual(['avc1.42c01e', 'video damaged']);
  });

  it('waits for a good audio configuration after a bad one', () => {
    const { heard, audio } = open();
    for (const body of [audioConfig([0xff]), audioFrame, audioConfig([0x11, 0x90]), audioFrame]) audio(body);
    expect(heard.events).toEqual(['audio unreadable', 'mp4a.40.2', 'audio keyframe']);
  });

  it('says that timestamps stand still, and when they advance again', () => {
    const { clock, heard, audio } = open();
    audio(audioConfig([0x11, 0x90]));
    for (let count = 0; count < 50; count += 1) {
      audio(audioFrame, 0);
      clock.advance(20);
    }
    expect(heard.timings).toEqual(['standing']);
    for (let count = 1; count < 10; count += 1) {
      audio(audioFrame, count * 20);
      clock.advance(20);
    }
    expect(heard.timings).toEqual(['standing', 'good']);
  });
});
