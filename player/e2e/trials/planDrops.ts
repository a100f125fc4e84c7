export type DropKind = 'stopped' | 'cable cut' | 'crashed';

export interface Drop {
  kind: DropKind;
  gapSeconds: number;
  /** Where the encoder comes back from. */
  address: string;
}

const kinds: readonly DropKind[] = ['cable cut', 'crashed', 'stopped', 'cable cut', 'cable cut'];

const shortestSeconds = 1;

/** So many drops of all kinds, the same for the same seed; the first is as long as they get, the second as short. */
export function planDrops({ count, longestSeconds, seed }: { count: number; longestSeconds: number; seed: number }): Drop[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, (_, index) => ({
    kind: kinds[index % kinds.length] ?? 'stopped',
    gapSeconds: index === 0 ? longestSeconds : index === 1 ? shortestSeconds : shortestSeconds + Math.round(random() * (longestSeconds - shortestSeconds)),
    address: `127.0.0.${1 + (index % 7)}`,
  }));
}

/** mulberry32 */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
