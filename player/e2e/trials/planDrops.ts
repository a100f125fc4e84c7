import { seededRandom } from './seededRandom.ts';

export type DropKind = 'stopped' | 'network cut' | 'crashed';

export interface Drop {
  kind: DropKind;
  gapSeconds: number;
  /** The address from which the encoder comes back. */
  address: string;
}

const kinds: readonly DropKind[] = ['network cut', 'crashed', 'stopped', 'network cut', 'network cut'];

const shortestSeconds = 1;

/** Drops of all kinds, the same for the same seed. The first has the longest gap, the second the shortest. */
export function planDrops({ count, longestSeconds, seed }: { count: number; longestSeconds: number; seed: number }): Drop[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => ({
    kind: kinds[index % kinds.length] ?? 'stopped',
    gapSeconds: index === 0 ? longestSeconds : index === 1 ? shortestSeconds : shortestSeconds + Math.round(random() * (longestSeconds - shortestSeconds)),
    address: `127.0.0.${1 + (index % 7)}`,
  }));
}
