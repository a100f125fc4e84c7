import { describe, expect, it } from 'vitest';
import { packetizeH264 } from './packetizeH264.ts';

const unit = (type: number, size: number) => Buffer.concat([Buffer.of(0x60 | type), Buffer.alloc(size - 1, size & 255)]);
const frameOf = (...units: Buffer[]) =>
  Buffer.concat(
    units.flatMap((each) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(each.length);
      return [length, each];
    }),
  );

/** The reverse: RFC 6184 §5.7 and §5.8. */
function unpack(payloads: Buffer[]): Buffer[] {
  const units: Buffer[] = [];
  let fragments: Buffer[] = [];
  for (const payload of payloads) {
    const type = payload[0]! & 31;
    if (type === 24) {
      for (let at = 1; at < payload.length; at += 2 + payload.readUInt16BE(at)) units.push(payload.subarray(at + 2, at + 2 + payload.readUInt16BE(at)));
    } else if (type === 28) {
      if (payload[1]! & 0x80) fragments = [Buffer.of((payload[0]! & 0xe0) | (payload[1]! & 31))];
      fragments.push(payload.subarray(2));
      if (payload[1]! & 0x40) units.push(Buffer.concat(fragments));
    } else {
      units.push(payload);
    }
  }
  return units;
}

describe('packetizeH264', () => {
  it.each([
    ['one small slice', [unit(1, 40)]],
    ['several small slices', [unit(1, 300), unit(1, 300), unit(1, 300), unit(1, 300), unit(1, 300)]],
    ['slices just at the limit', [unit(1, 1177), unit(1, 1180), unit(1, 1181), unit(1, 1182)]],
    ['a large slice between SEI messages', [unit(6, 20), unit(5, 100_000), unit(6, 2)]],
  ])('loses nothing of %s', (_what, units) => {
    const payloads = packetizeH264(frameOf(...units), []);
    expect(unpack(payloads)).toEqual(units);
    expect(Math.max(...payloads.map(({ length }) => length))).toBeLessThanOrEqual(1180);
  });

  it('puts the parameter sets of a keyframe into the first packet', () => {
    const [first] = packetizeH264(frameOf(unit(5, 5000)), [unit(7, 25), unit(8, 6)]);
    expect(first![0]! & 31).toBe(24);
    expect(unpack([first!]).map((each) => each[0]! & 31)).toEqual([7, 8]);
  });
});
