import { lengthPrefixed, nalUnits } from './nalUnits.ts';
import { nalType, nalTypeOf } from './nalType.ts';

/** One coded picture, taken apart. */
export interface AccessUnit {
  /** NAL units behind 4-byte lengths, without parameter sets, delimiters and filler. */
  data: Uint8Array;
  /** There is a picture in it, not only notes about one. */
  hasSlice: boolean;
  hasIdr: boolean;
  /** Parameter sets that came inside the frame. */
  spsUnits: Uint8Array[];
  ppsUnits: Uint8Array[];
}

/** Reads a length-prefixed frame. @throws RangeError when a length points past the end */
export function readAccessUnit(payload: Uint8Array, lengthSize = 4): AccessUnit {
  return accessUnitOf(nalUnits(payload, lengthSize));
}

export function accessUnitOf(units: Iterable<Uint8Array>): AccessUnit {
  const kept: Uint8Array[] = [];
  const spsUnits: Uint8Array[] = [];
  const ppsUnits: Uint8Array[] = [];
  for (const unit of units) {
    const type = nalTypeOf(unit);
    if (type === nalType.sps) spsUnits.push(Uint8Array.from(unit));
    else if (type === nalType.pps) ppsUnits.push(Uint8Array.from(unit));
    else if (type !== nalType.delimiter && type !== nalType.filler) kept.push(unit);
  }
  const types = kept.map(nalTypeOf);
  return {
    data: lengthPrefixed(kept),
    hasSlice: types.some((type) => type >= nalType.slice && type <= nalType.idr),
    hasIdr: types.includes(nalType.idr),
    spsUnits,
    ppsUnits,
  };
}
