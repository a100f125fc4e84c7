export const speeds = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2] as const;

/** The next faster or slower speed; stays at the fastest and the slowest. */
export function stepSpeed(rate: number, direction: 1 | -1): number {
  const candidates = direction > 0 ? speeds.filter((speed) => speed > rate) : speeds.filter((speed) => speed < rate).toReversed();
  return candidates[0] ?? rate;
}
