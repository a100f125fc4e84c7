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

describe('Enhanced RTMP', () => {
  const avc1 = Buffer.from('avc1');
  const [frame, otherFrame] = [Buffer.from([0, 0, 40, 7]), Buffer.from([0, 0, 0, 8])];
  const read = { type: 'frame', compositionTimeMs: 40, payload: Buffer.of(7) };
  const sized = (trackId: number, bytes: Buffer) => Buffer.concat([Buffer.from([trackId, 0, 0, bytes.length]), bytes]);

  it.each([
    ['a modifier before the packet', [Buffer.from([0xa7, 2, 1, 2, 3, 0x01]), avc1, frame]],
    ['two modifiers', [Buffer.from([0xa7, 0, 9, 0x07, 0, 9, 0x01]), avc1, frame]],
    ['a modifier of 256 bytes', [Buffer.from([0xa7, 255, 0, 255]), Buffer.alloc(256), Buffer.of(0x01), avc1, frame]],
    ['the default track alone', [Buffer.from([0xa6, 0x01]), avc1, Buffer.of(0), frame]],
    ['the second of two tracks', [Buffer.from([0xa6, 0x11]), avc1, sized(1, otherFrame), sized(0, frame)]],
    ['tracks of several codecs', [Buffer.from([0xa6, 0x21]), Buffer.from('hvc1'), sized(1, otherFrame), avc1, sized(0, frame)]],
  ])('reads video behind %s', (_, parts) => {
    expect(readVideoTag(Buffer.concat(parts))).toEqual(read);
  });

  it('reads audio of the default track, behind a modifier', () => {
    expect(readAudioTag(Buffer.concat([Buffer.from([0x97, 0, 0, 0x05, 0x01]), Buffer.from('mp4a'), Buffer.of(0, 5)]))).toEqual({ type: 'frame', payload: Buffer.of(5) });
  });

  it('leaves out tracks other than the default one, metadata, commands and packets that end early', () => {
    expect(readVideoTag(Buffer.concat([Buffer.from([0xa6, 0x01]), avc1, Buffer.of(1), frame]))).toEqual({ type: 'other' });
    expect(readVideoTag(Buffer.concat([Buffer.of(0xa4), Buffer.from('colorInfo')]))).toEqual({ type: 'other' });
    expect(readVideoTag(Buffer.concat([Buffer.of(0xd1), avc1, frame]))).toEqual({ type: 'other' });
    for (const bytes of [[0xa7], [0xa7, 255], [0xa7, 0, 0], [0xa6], [0xa6, 0x11, 1]]) expect(readVideoTag(Buffer.from(bytes)).type).not.toBe('frame');
    expect(readAudioTag(Buffer.from([0x94, 0, 0]))).toEqual({ type: 'other' });
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
