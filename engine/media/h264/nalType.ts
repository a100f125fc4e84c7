/** NAL unit types: ITU-T H.264 table 7-1. 1 to 5 are slices of coded video. */
export const nalType = { slice: 1, idr: 5, sei: 6, sps: 7, pps: 8, delimiter: 9, filler: 12 } as const;

/** nal_unit_type: the lower 5 bits of the header byte (§7.3.1). 0, which is unspecified, for an empty NAL unit. */
export function nalTypeOf(nalUnit: Uint8Array): number {
  return (nalUnit[0] ?? 0) & 31;
}

export function isSliceType(type: number): boolean {
  return type >= nalType.slice && type <= nalType.idr;
}
