/** Levels of ITU-T H.264 table A-1: level_idc, macroblocks per second, macroblocks per frame. Lower ones limit the bitrate to less than 4 Mbps. */
const levels = [
  { levelIdc: 30, maxPerSecond: 40_500, maxPerFrame: 1620 },
  { levelIdc: 31, maxPerSecond: 108_000, maxPerFrame: 3600 },
  { levelIdc: 32, maxPerSecond: 216_000, maxPerFrame: 5120 },
  { levelIdc: 40, maxPerSecond: 245_760, maxPerFrame: 8192 },
  { levelIdc: 42, maxPerSecond: 522_240, maxPerFrame: 8704 },
  { levelIdc: 50, maxPerSecond: 589_824, maxPerFrame: 22_080 },
  { levelIdc: 51, maxPerSecond: 983_040, maxPerFrame: 36_864 },
  { levelIdc: 52, maxPerSecond: 2_073_600, maxPerFrame: 36_864 },
  { levelIdc: 60, maxPerSecond: 4_177_920, maxPerFrame: 139_264 },
] as const;
const highestIdc = 62;

/** The lowest level_idc from 30 on for video of this size and frame rate. */
export function levelFor({ widthPx, heightPx, frameRate }: { widthPx: number; heightPx: number; frameRate: number }): number {
  const [widthMbs, heightMbs] = [Math.ceil(widthPx / 16), Math.ceil(heightPx / 16)];
  const perFrame = widthMbs * heightMbs;
  // §A.3.1: neither side is longer than the root of eight times the frame size of the level.
  const fits = levels.find(({ maxPerSecond, maxPerFrame }) => perFrame <= maxPerFrame && perFrame * frameRate <= maxPerSecond && Math.max(widthMbs, heightMbs) ** 2 <= 8 * maxPerFrame);
  return fits?.levelIdc ?? highestIdc;
}
