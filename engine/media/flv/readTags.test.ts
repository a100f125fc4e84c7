import { describe, expect, it } from 'vitest';
import { nalUnits, readAccessUnit } from '../h264/accessUnit.ts';
import { parseAudioConfig } from '../aac/parseAudioConfig.ts';
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

describe('parseAudioConfig', () => {
  it('reads AAC-LC', () => {
    expect(parseAudioConfig(Buffer.from('1190', 'hex'))).toMatchObject({ codecString: 'mp4a.40.2', sampleRateHz: 48_000, channelCount: 2 });
    expect(parseAudioConfig(Buffer.from('120856e500', 'hex'))).toMatchObject({ codecString: 'mp4a.40.2', sampleRateHz: 44_100, channelCount: 1 });
  });

  it('reports the rate that is heard when spectral band replication is signalled, in front or behind', () => {
    expect(parseAudioConfig(Buffer.from('2b118800', 'hex'))).toMatchObject({ codecString: 'mp4a.40.5', sampleRateHz: 48_000, channelCount: 2 });
    expect(parseAudioConfig(Buffer.from('131056e598', 'hex'))).toMatchObject({ codecString: 'mp4a.40.5', sampleRateHz: 48_000, channelCount: 2 });
  });

  it('reads a rate that is written out', () => {
    expect(parseAudioConfig(Buffer.from('17805dc010', 'hex'))).toMatchObject({ sampleRateHz: 48_000, channelCount: 2 });
  });

  it('refuses what browsers do not play, and what is cut short', () => {
    expect(() => parseAudioConfig(Buffer.from('0990', 'hex'))).toThrow('object type 1');
    expect(() => parseAudioConfig(Buffer.from('11', 'hex'))).toThrow(RangeError);
  });
});

describe('readAccessUnit', () => {
  const unit = (type: number, size: number) => Buffer.concat([Buffer.of(0x60 | type), Buffer.alloc(size - 1, type)]);
  const prefixed = (lengthSize: number, ...units: Buffer[]) =>
    Buffer.concat(
      units.flatMap((each) => {
        const length = Buffer.alloc(lengthSize);
        length.writeUIntBE(each.length, 0, lengthSize);
        return [length, each];
      }),
    );

  it('keeps pictures and notes, and takes parameter sets, delimiters and filler out', () => {
    const read = readAccessUnit(prefixed(4, unit(9, 2), unit(7, 9), unit(8, 5), unit(6, 4), unit(5, 300), unit(12, 50)), 4);
    expect([...nalUnits(read.data)].map((each) => each[0]! & 31)).toEqual([6, 5]);
    expect(read).toMatchObject({ hasIdr: true, spsUnits: [{ length: 9 }], ppsUnits: [{ length: 5 }] });
  });

  it('turns shorter lengths into four bytes', () => {
    expect(Buffer.from(readAccessUnit(prefixed(2, unit(1, 300)), 2).data)).toEqual(prefixed(4, unit(1, 300)));
  });

  it('fails when a length points past the end', () => {
    expect(() => readAccessUnit(prefixed(4, unit(1, 300)).subarray(0, 200), 4)).toThrow(RangeError);
  });
});
