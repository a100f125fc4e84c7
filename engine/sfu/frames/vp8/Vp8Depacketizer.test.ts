import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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

describe('Vp8Depacketizer', () => {
  it('removes a descriptor of any length, and reads the size of a keyframe', () => {
    for (const descriptor of ['10', '9080 05', '9080 8005', '90e0 8005 07 20', '90f0 05 07 21']) {
      const { frames, send } = open();
      send(1, true, bytes(descriptor + keyframe));
      expect(frames, descriptor).toEqual([{ timestamp: 1, data: bytes(keyframe), size: { widthPx: 640, heightPx: 480 } }]);
    }
  });

  it('joins the packets of a frame', () => {
    const { frames, send } = open();
    send(1, false, bytes('10 51aa'));
    send(1, true, bytes('00 bbcc'));
    expect(frames.map((frame) => [hex(frame.data), frame.size])).toEqual([['51aabbcc', undefined]]);
  });

  it('drops a frame whose beginning was lost', () => {
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
