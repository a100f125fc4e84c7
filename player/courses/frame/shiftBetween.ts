const weekMs = 7 * 24 * 3600_000;

/** The whole weeks between the first days of two terms; undefined while one of them is missing. */
export function shiftBetween(from: string | undefined, to: string): number | undefined {
  const ms = Date.parse(to) - Date.parse(from ?? '');
  return Number.isNaN(ms) ? undefined : Math.round(ms / weekMs);
}
