import type { Inputs } from 'preact/hooks';
import { useState } from 'preact/hooks';
import type { Loaded } from '../app/useLoaded.ts';
import { useLoaded } from '../app/useLoaded.ts';

export interface ListPage<Row> {
  rows: readonly Row[];
  nextCursor: string | null;
  /** Rows on all pages, where the server counts them. */
  total?: number;
}

export interface Pages<Row> extends Omit<Loaded<ListPage<Row>>, 'replace'> {
  /** Loads one more page; undefined when there is none. */
  more: (() => void) | undefined;
}

/** A list in pages, which grows page by page. Reloading loads all pages that are shown. Other inputs start with the first page. */
export function usePages<Row>(load: (cursor: string | undefined, signal: AbortSignal) => Promise<ListPage<Row>>, inputs: Inputs): Pages<Row> {
  const key = JSON.stringify(inputs);
  const [grown, setGrown] = useState({ key, count: 1 });
  const count = grown.key === key ? grown.count : 1;
  const { data, error, reload } = useLoaded(async (signal) => {
    let all = await load(undefined, signal);
    for (let page = 1; page < count && all.nextCursor !== null; page += 1) {
      const next = await load(all.nextCursor, signal);
      all = { ...next, rows: [...all.rows, ...next.rows] };
    }
    return all;
  }, [key, count]);
  return { data, error, reload, more: data?.nextCursor ? () => setGrown({ key, count: count + 1 }) : undefined };
}
