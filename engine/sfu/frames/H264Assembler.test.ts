import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../testing/index.ts';
import { FrameCollector } from '../testing/FrameCollector.ts';
import { H264Assembler } from './H264Assembler.ts';
import type { RtpPacket } from './rtpPacket.ts';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const hex = (data: Uint8Array | undefined) => Buffer.from(data ?? []).toString('hex');
const sps640 = '6742c01ed900a02ff970110000030001000003003c0f162e48';
const sps480 = '674d4015eca0f047f58088000003000800000301e078b16cb0';
const pps = '68cb83cb20';
const idr = '65aabbcc';
const inter = '41ddeeff';

function open() {
  const sink = new FrameCollector();
  const requests = { count: 0 };
  const assembler = new H264Assembler({ sink, timeOf: (timestamp) => timestamp, requestKeyframe: () => (requests.count += 1), logger: silentLogger });
  let sequence = 0;
  const send = (timestamp: number, ...payloads: (string | Uint8Array)[]) =>
    payloads.forEach((payload, index) => {
      const data = typeof payload === 'string' ? bytes(payload) : payload;
      const packet: RtpPacket = { payloadType: 102, sequence: sequence++, timestamp, ssrc: 1, marker: index === payloads.length - 1, payload: data };
      assembler.push(packet);
    });
  return { sink, requests, assembler, send };
}

const stap = (...units: string[]) => `78${units.map((unit) => (unit.length / 2).toString(16).padStart(4, '0') + unit).join('')}`;

describe('H264Assembler', () => {
  it('starts with the format at a keyframe, and requests one until then', () => {
    const { sink, requests, send } = open();
    send(1, inter);
    expect(requests.count).toBe(1);
    send(2, sps640, pps, idr);
    send(3, inter);
    expect(sink.formats).toMatchObject([{ codecString: 'avc1.42c01e', widthPx: 640, heightPx: 360 }]);
    expect(sink.frames.map((frame) => [frame.decodeTimeUs, frame.isKeyframe, hex(frame.data)])).toEqual([
      [2, true, `00000004${idr}`],
      [3, false, `00000004${inter}`],
    ]);
  });

  it('unpacks aggregates (STAP-A) and joins fragments (FU-A)', () => {
    const { sink, send } = open();
    send(1, stap(sps640, pps), '7c85aabb', '7c05cc', '7c45dd');
    expect(hex(sink.frames[0]?.data)).toBe('0000000565aabbccdd');
  });

  it('makes one frame of several slices, without delimiters and filler', () => {
    const { sink, send } = open();
    send(1, '09f0', sps640, pps, '0605', idr, '65ee', '0cff');
    expect(hex(sink.frames[0]?.data)).toBe(`00000002060500000004${idr}0000000265ee`);
  });

  it('ends a frame at the next timestamp when the marker is missing', () => {
    const { sink, assembler, send } = open();
    const lone = (timestamp: number, data: string) =>
      assembler.push({ payloadType: 102, sequence: 0, timestamp, ssrc: 1, marker: false, payload: bytes(data) });
    send(1, sps640, pps, idr);
    lone(2, inter);
    expect(sink.frames).toHaveLength(1);
    lone(3, inter);
    expect(sink.frames).toHaveLength(2);
  });

  it('sends the format again only when it changes', () => {
    const { sink, send } = open();
    send(1, sps640, pps, idr);
    send(2, sps640, pps, idr);
    send(3, idr);
    send(4, sps480, pps, idr);
    expect(sink.formats).toHaveLength(2);
    expect(sink.frames).toHaveLength(4);
  });

  it('reports a gap after a loss, requests a keyframe and waits for it', () => {
    const { sink, requests, assembler, send } = open();
    send(1, sps640, pps, idr);
    send(2, inter);
    requests.count = 0;
    assembler.lost();
    assembler.lost();
    expect([sink.gaps, requests.count]).toEqual([1, 1]);
    send(3, inter);
    send(4, idr);
    expect(sink.frames.map((frame) => frame.decodeTimeUs)).toEqual([1, 2, 4]);
  });

  it('drops a frame whose first fragments were lost', () => {
    const { sink, assembler, send } = open();
    send(1, sps640, pps, idr);
    assembler.lost();
    send(2, '7c05cc', '7c45dd');
    send(3, idr);
    expect(sink.frames.map((frame) => frame.decodeTimeUs)).toEqual([1, 3]);
  });

  it('never throws and never delivers an empty frame, whatever the payloads are', () => {
    const payload = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.tuple(fc.constantFrom(0x78, 0x7c, 0x67, 0x68, 0x65, 0x41, 0x1f), fc.uint8Array({ maxLength: 40 })).map(([type, tail]) => Uint8Array.of(type, ...tail)),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5), payload, fc.boolean()), { maxLength: 60 }), (packets) => {
        const { sink, assembler, send } = open();
        send(1, sps640, pps, idr);
        for (const [step, data, isLost] of packets) {
          if (isLost) assembler.lost();
          send(2 + step, data);
        }
        expect(sink.frames.every((frame) => frame.data.length > 4)).toBe(true);
      }),
    );
  });
});
