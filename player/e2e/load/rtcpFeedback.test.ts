import { describe, expect, it } from 'vitest';
import { RtcpPacketConverter, RtcpPayloadSpecificFeedback, RtcpRrPacket } from 'werift';
import type { GenericNack, RtcpTransportLayerFeedback, TransportWideCC } from 'werift';
import { nack, pictureLossIndication, receiverReport, transportFeedback } from './rtcpFeedback.ts';
import { transportSequence, withoutExtensions } from './rtpHeader.ts';

function read(packet: Buffer) {
  const [parsed] = RtcpPacketConverter.deSerialize(packet);
  return parsed;
}

describe('the feedback of a viewer, read by another implementation', () => {
  it('reports the received packets', () => {
    const parsed = read(receiverReport(7, [{ ssrc: 1234, highest: 70_000, fractionLost: 0.5 }])) as RtcpRrPacket;
    expect(parsed).toBeInstanceOf(RtcpRrPacket);
    expect(parsed.ssrc).toBe(7);
    expect(parsed.reports).toMatchObject([{ ssrc: 1234, highestSequence: 70_000, fractionLost: 128 }]);
  });

  it('requests missing packets', () => {
    const parsed = read(nack(7, 1234, [10, 11, 26, 27, 300])) as RtcpTransportLayerFeedback;
    const { lost, mediaSourceSsrc } = parsed.feedback as GenericNack;
    expect(mediaSourceSsrc).toBe(1234);
    expect(lost).toEqual([10, 11, 26, 27, 300]);
  });

  it('requests a keyframe', () => {
    const parsed = read(pictureLossIndication(7, 1234)) as RtcpPayloadSpecificFeedback;
    expect(parsed).toBeInstanceOf(RtcpPayloadSpecificFeedback);
    expect(parsed.feedback).toMatchObject({ senderSsrc: 7, mediaSsrc: 1234 });
  });

  it('reports the arrival of each packet of a transport, over a wrap of their numbers and past a missing one', () => {
    const offsetsMs = [0, 3, 10, 10, 90, 91, 91, 92];
    const arrivals = [65_534, 65_535, 1, 2, 3, 4, 5, 6].map((sequence, index) => ({ sequence, atMs: 64_000 + (offsetsMs[index] ?? 0) }));
    const feedback = (read(transportFeedback(7, 1234, 3, arrivals)) as RtcpTransportLayerFeedback).feedback as TransportWideCC;
    expect(feedback).toMatchObject({ baseSequenceNumber: 65_534, packetStatusCount: 9, referenceTime: 1000, fbPktCount: 3 });
    expect(feedback.recvDeltas.map(({ delta }) => delta / 1000)).toEqual([0, 3, 7, 0, 80, 1, 0, 1]);
    const statuses = feedback.packetChunks.flatMap((chunk) => ('symbolList' in chunk ? chunk.symbolList : []));
    expect(statuses.slice(0, 9)).toEqual([1, 1, 0, 1, 1, 2, 1, 1, 1]);
  });
});

describe('the header of a packet', () => {
  const packet = Buffer.concat([
    Buffer.from([0x90, 102, 0, 9, 0, 0, 0, 1, 0, 0, 0, 2]),
    // Three extensions in eight bytes: 1 with one byte, padding, 5 with two, 2 with one.
    Buffer.from([0xbe, 0xde, 0, 2, 0x10, 0xaa, 0, 0x51, 0x12, 0x34, 0x20, 0xbb]),
    Buffer.from('payload'),
  ]);

  it('has the transport-wide sequence number', () => {
    expect(transportSequence(packet, 5)).toBe(0x1234);
    expect(transportSequence(packet, 4)).toBeUndefined();
  });

  it('can be reduced to the fields that another server needs', () => {
    const bare = withoutExtensions(packet, 77);
    expect([...bare.subarray(0, 12)]).toEqual([0x80, 102, 0, 9, 0, 0, 0, 1, 0, 0, 0, 77]);
    expect(bare.subarray(12).toString()).toBe('payload');
  });
});
