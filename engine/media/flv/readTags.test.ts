import { describe, expect, it } from 'vitest';
import { readAudioTag, readVideoTag } from './readTags.ts';

describe('readVideoTag', () => {
  it('distinguishes configuration, frames and other bodies', () => {
    expect(readVideoTag(Buffer.from([0x17, 0, 0, 0, 0, 9]))).toEqual({ type: 'config', record: Buffer.of(9) });
    expect(readVideoTag(Buffer.from([0x27, 1, 0, 0, 67, 9]))).toEqual({ type: 'frame', compositionTimeMs: 67, payload: Buffer.of(9) });
    expect(readVideoTag(Buffer.from([0x17, 2, 0, 0, 0]))).toEqual({ type: 'other' });
    expect(readVideoTag(Buffer.from([0x57, 1]))).toEqual({ type: 'other' });
    expect(readVideoTag(Buffer.of())).toEqual({ type: 'other' });
  });

  it('reads a negative composition time', () => {
    expect(readVideoTag(Buffer.from([0x27, 1, 0xff, 0xff, 0xdf, 9]))).toMatchObject({ compositionTimeMs: -33 });
  });

  it('reads H.264 of enhanced RTMP, and names unsupported codecs', () => {
    expect(readVideoTag(Buffer.concat([Buffer.of(0x90), Buffer.from('avc1'), Buffer.of(1)]))).toEqual({ type: 'config', record: Buffer.of(1) });
    expect(readVideoTag(Buffer.concat([Buffer.of(0x91), Buffer.from('avc1'), Buffer.from([0, 0, 40, 7])]))).toEqual({ type: 'frame', compositionTimeMs: 40, payload: Buffer.of(7) });
    expect(readVideoTag(Buffer.concat([Buffer.of(0xa3), Buffer.from('avc1'), Buffer.of(7)]))).toEqual({ type: 'frame', compositionTimeMs: 0, payload: Buffer.of(7) });
    expect(readVideoTag(Buffer.concat([Buffer.of(0x90), Buffer.from('av01')]))).toEqual({ type: 'unsupported', codecName: 'AV1' });
    expect(readVideoTag(Buffer.from([0x1c, 0]))).toEqual({ type: 'unsupported', codecName: 'HEVC (H.265)' });
  });
});

describe('readAudioTag', () => {
  it('reads AAC, also of enhanced RTMP, and names unsupported codecs', () => {
    expect(readAudioTag(Buffer.from([0xaf, 0, 0x11, 0x90]))).toEqual({ type: 'config', config: Buffer.from([0x11, 0x90]) });
    expect(readAudioTag(Buffer.from([0xaf, 1, 5]))).toEqual({ type: 'frame', payload: Buffer.of(5) });
    expect(readAudioTag(Buffer.concat([Buffer.of(0x91), Buffer.from('mp4a'), Buffer.of(5)]))).toEqual({ type: 'frame', payload: Buffer.of(5) });
    expect(readAudioTag(Buffer.from([0x2f, 1]))).toEqual({ type: 'unsupported', codecName: 'MP3' });
    expect(readAudioTag(Buffer.concat([Buffer.of(0x90), Buffer.from('Opus')]))).toEqual({ type: 'unsupported', codecName: 'Opus' });
  });
});
