import { describe, expect, it } from 'vitest';
import { readAudioTag, readVideoTag } from './readTags.ts';

describe('readVideoTag', () => {
  it('tells configuration, frames and the rest apart', () => {
    expect(readVideoTag(Buffer.from([0x17, 0, 0, 0, 0, 9]))).toEqual({ type: 'config', record: Buffer.of(9) });
    expect(readVideoTag(Buffer.from([0x27, 1, 0, 0, 67, 9]))).toEqual({ type: 'frame', compositionTimeMs: 67, payload: Buffer.of(9) });
    expect(readVideoTag(Buffer.from([0x17, 2, 0, 0, 0]))).toEqual({ type: 'other' });
    expect(readVideoTag(Buffer.from([0x57, 1]))).toEqual({ type: 'other' });
    expect(readVideoTag(Buffer.of())).toEqual({ type: 'other' });
  });

  it('reads composition times below zero', () => {
    expect(readVideoTag(Buffer.from([0x27, 1, 0xff, 0xff, 0xdf, 9]))).toMatchObject({ compositionTimeMs: -33 });
  });

  it('takes H.264 in enhanced RTMP, and names what it does not take', () => {
    expect(readVideoTag(Buffer.concat([Buffer.of(0x90), Buffer.from('avc1'), Buffer.of(1)]))).toEqual({ type: 'config', record: Buffer.of(1) });
    expect(readVideoTag(Buffer.concat([Buffer.of(0x91), Buffer.from('avc1'), Buffer.from([0, 0, 40, 7])]))).toEqual({ type: 'frame', compositionTimeMs: 40, payload: Buffer.of(7) });
    expect(readVideoTag(Buffer.concat([Buffer.of(0xa3), Buffer.from('avc1'), Buffer.of(7)]))).toEqual({ type: 'frame', compositionTimeMs: 0, payload: Buffer.of(7) });
    expect(readVideoTag(Buffer.concat([Buffer.of(0x90), Buffer.from('av01')]))).toEqual({ type: 'unsupported', codecName: 'AV1' });
    expect(readVideoTag(Buffer.from([0x1c, 0]))).toEqual({ type: 'unsupported', codecName: 'HEVC (H.265)' });
  });
});

describe('readAudioTag', () => {
  it('takes AAC, old style and new, and names what it does not take', () => {
    expect(readAudioTag(Buffer.from([0xaf, 0, 0x11, 0x90]))).toEqual({ type: 'config', config: Buffer.from([0x11, 0x90]) });
    expect(readAudioTag(Buffer.from([0xaf, 1, 5]))).toEqual({ type: 'frame', payload: Buffer.of(5) });
    expect(readAudioTag(Buffer.concat([Buffer.of(0x91), Buffer.from('mp4a'), Buffer.of(5)]))).toEqual({ type: 'frame', payload: Buffer.of(5) });
    expect(readAudioTag(Buffer.from([0x2f, 1]))).toEqual({ type: 'unsupported', codecName: 'MP3' });
    expect(readAudioTag(Buffer.concat([Buffer.of(0x90), Buffer.from('Opus')]))).toEqual({ type: 'unsupported', codecName: 'Opus' });
  });
});
