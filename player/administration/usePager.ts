import type { Inputs } from 'preact/hooks';
import { useState } from 'preact/hooks';
import type { Loaded } from '../app/useLoaded.ts';
import { useLoaded } from '../app/useLoaded.ts';

export interface Paged<Page> extends Loaded<Page> {
  /** Undefined on the first page, and on the last one. */
  toPrevious: (() => void) | undefined;
  toNext: (() => void) | undefined;
}

/** Loads a page of a list, and again from the first page whenever an input changes. */
export function usePager<Page extends { nextCursor: string | null }>(load: (cursor: string | undefined, signal: AbortSignal) => Promise<Page>, inputs: Inputs): Paged<Page> {
  const key = JSON.stringify(inputs);
  const [opened, setOpened] = useState<{ key: string; cursors: readonly string[] }>({ key, cursors: [] });
  const cursors = opened.key === key ? opened.cursors : [];
  const loaded = useLoaded((signal) => load(cursors.at(-1), signal), [key, cursors.at(-1)]);
  const next = loaded.data?.nextCursor ?? null;
  return {
    ...loaded,
    toPrevious: cursors.length === 0 ? undefined : () => setOpened({ key, cursors: cursors.slice(0, -1) }),
    toNext: next === null ? undefined : () => setOpened({ key, cursors: [...cursors, next] }),
  };
}
