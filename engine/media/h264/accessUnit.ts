import { annexBUnits, isAnnexB } from './annexB.ts';
import { lengthPrefixed, nalUnits } from './nalUnits.ts';
import { isSliceType, nalType, nalTypeOf } from './nalType.ts';

/** The NAL units of one frame. */
export interface AccessUnit {
  /** NAL units, each after its length in 4 bytes, without parameter sets, access unit delimiters and filler data. */
  data: Uint8Array;
  /** The frame contains a slice of coded video (NAL unit types 1 to 5), not only SEI messages. */
  hasSlice: boolean;
  /** The frame contains an IDR slice: it is a keyframe. */
  hasIdr: boolean;
  /** Copies of the parameter sets in the frame. */
  spsUnits: Uint8Array[];
  ppsUnits: Uint8Array[];
}

/**
 * Parses a length-prefixed frame, or the byte stream of Annex B that some encoders send in its place.
 * @throws RangeError when a length points past the end
 */
export function readAccessUnit(payload: Uint8Array, lengthSize = 4): AccessUnit {
  return accessUnitOf(isAnnexB(payload) ? annexBUnits(payload) : nalUnits(payload, lengthSize));
}

/** Separates the parameter sets of a frame from its other NAL units. */
export function accessUnitOf(units: Iterable<Uint8Array>): AccessUnit {
  const kept: Uint8Array[] = [];
  const spsUnits: Uint8Array[] = [];
  const ppsUnits: Uint8Array[] = [];
  let [hasSlice, hasIdr] = [false, false];
  for (const unit of units) {
    const type = nalTypeOf(unit);
    if (type === nalType.sps) spsUnits.push(new Uint8Array(unit));
    else if (type === nalType.pps) ppsUnits.push(new Uint8Array(unit));
    else if (type !== nalType.delimiter && type !== nalType.filler) kept.push(unit);
    hasSlice ||= isSliceType(type);
    hasIdr ||= type === nalType.idr;
  }
  return { data: lengthPrefixed(kept), hasSlice, hasIdr, spsUnits, ppsUnits };
}
