import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FlvReader } from './FlvReader.ts';
import type { FlvVideoTag } from './FlvReader.ts';
import { Vp8Depacketizer } from './Vp8Depacketizer.ts';
import type { Vp8Frame } from './Vp8Depacketizer.ts';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const hex = (data: Uint8Array | undefined) => Buffer.from(data ?? []).toString('hex');
/** A keyframe of 640 × 480: clear first bit, start code, sizes. */
const keyframe = '500100 9d012a 8002 e001 aa';

function open() {
  const frames: Vp8Frame[] = [];
  const depacketizer = new Vp8Depacketizer((frame) => frames.push(frame));
  const send = (timestamp: number, marker: boolean, payload: Uint8Array) =>
    depacketizer.push({ payloadType: 96, sequence: 0, timestamp, ssrc: 1, marker, payload });
  return { frames, depacketizer, send };
}

describe('VP8 from RTP', () => {
  it('is a frame behind its descriptor, of any length, and a keyframe tells its size', () => {
    for (const descriptor of ['10', '9080 05', '9080 8005', '90e0 8005 07 20', '90f0 05 07 21']) {
      const { frames, send } = open();
      send(1, true, bytes(descriptor + keyframe));
      expect(frames, descriptor).toEqual([{ timestamp: 1, data: bytes(keyframe), size: { widthPx: 640, heightPx: 480 } }]);
    }
  });

  it('is put together from several packets', () => {
    const { frames, send } = open();
    send(1, false, bytes('10 51aa'));
    send(1, true, bytes('00 bbcc'));
    expect(frames.map((frame) => [hex(frame.data), frame.size])).toEqual([['51aabbcc', undefined]]);
  });

  it('is dropped when its beginning was lost', () => {
    const { frames, depacketizer, send } = open();
    send(1, false, bytes('10 51aa'));
    depacketizer.reset();
    send(1, true, bytes('00 bbcc'));
    send(2, true, bytes('10 51dd'));
    expect(frames.map((frame) => hex(frame.data))).toEqual(['51dd']);
  });

  it('never throws, whatever the payloads are', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.boolean(), fc.uint8Array({ maxLength: 20 })), { maxLength: 40 }), (packets) => {
        const { frames, send } = open();
        for (const [timestamp, marker, payload] of packets) send(timestamp, marker, payload);
        expect(frames.every((frame) => frame.data.length > 0)).toBe(true);
      }),
    );
  });
});

describe('The FLV reader', () => {
  const header = '464c56 01 01 00000009 00000000';
  const script = '12 000002 000000 00 000000 0200 0000000d';
  const config = '09 000007 000000 00 000000 17 00 000000 0142 00000012';
  const picture = '09 000007 0186a0 01 000000 27 01 000000 cafe 00000012';

  it('gives the H.264 of a file, however it is cut', () => {
    const file = bytes(header + script + config + picture);
    fc.assert(
      fc.property(fc.array(fc.nat(file.length)), (cuts) => {
        const tags: FlvVideoTag[] = [];
        const reader = new FlvReader((tag) => tags.push(tag));
        const ends = [...cuts, file.length].sort((a, b) => a - b);
        ends.forEach((end, index) => reader.push(Buffer.from(file.subarray(ends[index - 1] ?? 0, end))));
        expect(tags).toEqual([
          { timestampMs: 0, isKeyframe: true, isHeader: true, data: bytes('0142') },
          { timestampMs: 0x010186a0, isKeyframe: false, isHeader: false, data: bytes('cafe') },
        ]);
      }),
    );
  });
});
