/** ITU-T H.264 table 7-1; 1 to 5 are the slices of a picture. */
export const nalType = { slice: 1, idr: 5, sps: 7, pps: 8, delimiter: 9, filler: 12 } as const;

export function nalTypeOf(nalUnit: Uint8Array): number {
  return (nalUnit[0] ?? 0) & 31;
}
