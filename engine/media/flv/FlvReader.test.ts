import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VideoFormat } from '../EncodedFrame.ts';
import { FlvReader } from './FlvReader.ts';
import type { FlvTag } from './FlvReader.ts';
import { readVideoTag } from './readTags.ts';
import { flvFrame, flvStart } from './writeFlv.ts';

const format: VideoFormat = { kind: 'video', codec: 'h264', codecString: 'avc1.42c01f', decoderConfig: Buffer.from('config'), widthPx: 16, heightPx: 16 };
const originUs = 1_700_000_000_000_000;

function fileOf(count: number): Buffer {
  const frames = Array.from({ length: count }, (_, i) => {
    const decodeTimeUs = originUs + 20_000_000_000 + i * 33_000;
    return flvFrame('video', { decodeTimeUs, presentationTimeUs: decodeTimeUs + 66_000, isKeyframe: i === 0, data: Buffer.alloc(1 + i * 700, i) }, originUs);
  });
  return Buffer.concat([flvStart(format), ...frames]);
}

describe('FlvReader', () => {
  it.each([1, 7, 1000, 1_000_000])('reads the tags of flvStart and flvFrame in chunks of %i bytes', (chunkBytes) => {
    const file = fileOf(20);
    const tags: FlvTag[] = [];
    const reader = new FlvReader((tag) => tags.push({ ...tag, body: Buffer.from(tag.body) }));
    for (let at = 0; at < file.length; at += chunkBytes) reader.push(file.subarray(at, at + chunkBytes));
    expect(tags).toHaveLength(21);
    expect(readVideoTag(tags[0]!.body)).toEqual({ type: 'config', record: Buffer.from('config') });
    expect(tags.slice(1).map(({ timestampMs }) => timestampMs)).toEqual(Array.from({ length: 20 }, (_, i) => 20_000_000 + i * 33));
    expect(readVideoTag(tags[20]!.body)).toEqual({ type: 'frame', compositionTimeMs: 66, payload: Buffer.alloc(1 + 19 * 700, 19) });
  });

  it('reads a file with a script tag, as ffmpeg writes it, in chunks of any size', () => {
    const header = '464c56 01 01 00000009 00000000';
    const script = '12 000002 000000 00 000000 0200 0000000d';
    const config = '09 000007 000000 00 000000 17 00 000000 0142 00000012';
    const frame = '09 000007 0186a0 01 000000 27 01 000000 cafe 00000012';
    const file = Buffer.from((header + script + config + frame).replaceAll(' ', ''), 'hex');
    fc.assert(
      fc.property(fc.array(fc.nat(file.length)), (cuts) => {
        const tags: FlvTag[] = [];
        const reader = new FlvReader((tag) => tags.push(tag));
        const ends = [...cuts, file.length].sort((a, b) => a - b);
        ends.forEach((end, index) => reader.push(Buffer.from(file.subarray(ends[index - 1] ?? 0, end))));
        expect(tags.map(({ kind, timestampMs, body }) => [kind, timestampMs, body.toString('hex')])).toEqual([
          ['other', 0, '0200'],
          ['video', 0, '17000000000142'],
          ['video', 0x010186a0, '2701000000cafe'],
        ]);
      }),
    );
  });

  it('throws for a tag whose size is out of range', () => {
    const reader = new FlvReader(() => undefined);
    const oversizedTag = Buffer.from([9, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0]);
    expect(() => reader.push(Buffer.concat([fileOf(0), oversizedTag]))).toThrow(RangeError);
  });
});
