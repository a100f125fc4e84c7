import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { annexBUnits, isAnnexB, mayBeAnnexB } from './annexB.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

describe('annexBUnits', () => {
  it('reads the NAL units between start codes of three and four bytes, without the zeros around them', () => {
    const stream = bytes(0, 0, 0, 1, 0x67, 1, 2, 0, 0, 0, 1, 0x68, 3, 0, 0, 1, 0x65, 4, 0, 5, 0, 0, 0);
    expect(annexBUnits(stream).map((unit) => [...unit])).toEqual([[0x67, 1, 2], [0x68, 3], [0x65, 4, 0, 5]]);
  });

  it('reads nothing where there is no start code', () => {
    expect(annexBUnits(bytes(0, 0, 2, 0x67))).toEqual([]);
    expect(annexBUnits(bytes(0, 0, 1))).toEqual([]);
    expect(annexBUnits(bytes())).toEqual([]);
  });

  it('returns every NAL unit that was written', () => {
    const unit = fc.array(fc.integer({ min: 2, max: 255 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 8 }), (units) => {
        const stream = bytes(...units.flatMap((each, index) => [...(index % 2 ? [0] : []), 0, 0, 1, ...each]));
        expect(annexBUnits(stream).map((each) => [...each])).toEqual(units);
      }),
    );
  });
});

it('tells a start code of four bytes from a length', () => {
  expect([isAnnexB(bytes(0, 0, 0, 1, 0x67)), isAnnexB(bytes(0, 0, 1, 0x67))]).toEqual([true, false]);
  expect([mayBeAnnexB(bytes(0, 0, 1, 0x67)), mayBeAnnexB(bytes(0, 0, 2, 0x67))]).toEqual([true, false]);
});
