import type { ConflictLine } from './ConflictDialog.tsx';

/** What differs between two lists that name what begins at each moment, in order. */
export function listChanges(before: ReadonlyMap<number, string>, now: ReadonlyMap<number, string>): ConflictLine[] {
  const moments = [...new Set([...before.keys(), ...now.keys()])].sort((a, b) => a - b);
  return moments.filter((atMs) => before.get(atMs) !== now.get(atMs)).map((atMs) => ({ atMs, before: before.get(atMs) ?? null, now: now.get(atMs) ?? null }));
}
