/** NAL unit types, ITU-T H.264 table 7-1. */
const nal = { idr: 5, sps: 7, pps: 8, delimiter: 9, filler: 12 } as const;

export interface AccessUnit {
  /** NAL units behind 4-byte lengths, without parameter sets, delimiters and filler. */
  data: Uint8Array;
  hasIdr: boolean;
  /** Parameter sets that came inside the frame. */
  spsUnits: Uint8Array[];
  ppsUnits: Uint8Array[];
}

/** @throws RangeError when a length points past the end */
export function readAccessUnit(payload: Uint8Array, lengthSize: number): AccessUnit {
  const unit: AccessUnit = { data: new Uint8Array(), hasIdr: false, spsUnits: [], ppsUnits: [] };
  const kept: Uint8Array[] = [];
  for (const nalUnit of nalUnits(payload, lengthSize)) {
    const type = (nalUnit[0] ?? 0) & 31;
    if (type === nal.sps) unit.spsUnits.push(Uint8Array.from(nalUnit));
    else if (type === nal.pps) unit.ppsUnits.push(Uint8Array.from(nalUnit));
    else if (type !== nal.delimiter && type !== nal.filler) kept.push(nalUnit);
    if (type === nal.idr) unit.hasIdr = true;
  }
  unit.data = lengthPrefixed(kept);
  return unit;
}

/** The NAL units of a length-prefixed frame. @throws RangeError when a length points past the end */
export function* nalUnits(payload: Uint8Array, lengthSize = 4): Generator<Uint8Array> {
  let position = 0;
  while (position < payload.length) {
    let length = 0;
    for (let i = 0; i < lengthSize; i += 1) length = length * 256 + (payload[position + i] ?? 0);
    position += lengthSize;
    if (position + length > payload.length) throw new RangeError('a NAL unit is cut short');
    if (length > 0) yield payload.subarray(position, position + length);
    position += length;
  }
}

function lengthPrefixed(units: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(units.reduce((sum, unit) => sum + 4 + unit.length, 0));
  const view = new DataView(out.buffer);
  let position = 0;
  for (const unit of units) {
    view.setUint32(position, unit.length);
    out.set(unit, position + 4);
    position += 4 + unit.length;
  }
  return out;
}
