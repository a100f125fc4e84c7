import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../testing/index.ts';
import { FrameCollector } from '../testing/FrameCollector.ts';
import { OpusAssembler } from './OpusAssembler.ts';
import { parseRtpPacket, Unwrapper } from './rtpPacket.ts';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

describe('An RTP packet', () => {
  it('is parsed into its header and payload', () => {
    expect(parseRtpPacket(bytes('80 e6 0102 00000a0b 0000cafe 41aa'))).toEqual({
      payloadType: 102,
      marker: true,
      sequence: 0x0102,
      timestamp: 0x0a0b,
      ssrc: 0xcafe,
      payload: bytes('41aa'),
    });
  });

  it('is parsed without contributing sources, header extension and padding', () => {
    const packet = parseRtpPacket(bytes('b1 66 0001 00000001 00000002 00000003 bede0001 10aa0000 41bb 0002'));
    expect(packet?.payload).toEqual(bytes('41bb'));
  });

  it('is rejected when it is too short, of another version, or has wrong lengths', () => {
    for (const hex of ['', '80', '40660001000000010000000241', '8f6600010000000100000002', 'a066000100000001000000024109', '906600010000000100000002bede0009']) {
      expect(parseRtpPacket(bytes(hex)), hex).toBeUndefined();
    }
  });

  it('never throws, whatever the bytes are', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (tail) => void parseRtpPacket(Uint8Array.of(0xb0, ...tail))), { numRuns: 2000 });
  });
});

describe('The unwrapper', () => {
  it('carries a counter on over its wraps, in both directions', () => {
    const unwrapper = new Unwrapper(16);
    expect([65_534, 65_535, 0, 5, 65_533, 3].map((value) => unwrapper.unwrap(value))).toEqual([65_534, 65_535, 65_536, 65_541, 65_533, 65_539]);
  });

  it('agrees with the counter it unwraps', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 32 - 1), fc.array(fc.integer({ min: -(2 ** 31) + 1, max: 2 ** 31 - 1 })), (start, steps) => {
        const unwrapper = new Unwrapper(32);
        let truth = start;
        unwrapper.unwrap(start);
        for (const step of steps) {
          truth += step;
          expect(unwrapper.unwrap(((truth % 2 ** 32) + 2 ** 32) % 2 ** 32)).toBe(truth);
        }
      }),
    );
  });
});

describe('Opus from RTP', () => {
  it('is one frame per packet behind one format, silences left out', () => {
    const sink = new FrameCollector();
    const assembler = new OpusAssembler({ sink, timeOf: (timestamp) => timestamp, requestKeyframe: () => undefined, logger: silentLogger });
    for (const [timestamp, data] of [[0, 'fc01'], [960, ''], [20_000, 'fc02']] as const) {
      assembler.push({ payloadType: 111, sequence: 0, timestamp, ssrc: 1, marker: false, payload: bytes(data) });
      assembler.lost();
    }
    expect(sink.formats).toMatchObject([{ codec: 'opus', codecString: 'opus', sampleRateHz: 48_000, channelCount: 2 }]);
    expect(Buffer.from(sink.formats[0]?.decoderConfig ?? []).toString('hex')).toBe('000201380000bb80000000');
    expect(sink.frames.map((frame) => [frame.decodeTimeUs, frame.isKeyframe])).toEqual([[0, true], [20_000, true]]);
    expect(sink.gaps).toBe(0);
  });
});
