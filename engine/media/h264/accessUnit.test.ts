import { describe, expect, it } from 'vitest';
import { readAccessUnit } from './accessUnit.ts';
import { nalUnits } from './nalUnits.ts';

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

  it('keeps slices and SEI, and removes parameter sets, delimiters and filler data', () => {
    const read = readAccessUnit(prefixed(4, unit(9, 2), unit(7, 9), unit(8, 5), unit(6, 4), unit(5, 300), unit(12, 50)), 4);
    expect([...nalUnits(read.data)].map((each) => each[0]! & 31)).toEqual([6, 5]);
    expect(read).toMatchObject({ hasIdr: true, spsUnits: [{ length: 9 }], ppsUnits: [{ length: 5 }] });
  });

  it('converts shorter lengths to four bytes', () => {
    expect(Buffer.from(readAccessUnit(prefixed(2, unit(1, 300)), 2).data)).toEqual(prefixed(4, unit(1, 300)));
  });

  it('throws when a length points past the end', () => {
    expect(() => readAccessUnit(prefixed(4, unit(1, 300)).subarray(0, 200), 4)).toThrow(RangeError);
  });
});
