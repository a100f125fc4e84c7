/**
 * The NAL units of a length-prefixed frame (ISO/IEC 14496-15), as views of the payload. `lengthSize` is in bytes.
 * @throws RangeError when a length points past the end
 */
export function* nalUnits(payload: Uint8Array, lengthSize = 4): Generator<Uint8Array> {
  let position = 0;
  while (position < payload.length) {
    let length = 0;
    for (let i = 0; i < lengthSize; i += 1) length = length * 256 + (payload[position + i] ?? 0);
    position += lengthSize;
    if (position + length > payload.length) throw new RangeError('a NAL unit ends early');
    if (length > 0) yield payload.subarray(position, position + length);
    position += length;
  }
}

/** NAL units, each after its length in 4 bytes, as in the samples of an `avc1` track. */
export function lengthPrefixed(units: readonly Uint8Array[]): Uint8Array {
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
