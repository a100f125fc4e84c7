import type { Inputs } from 'preact/hooks';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

export interface PageOfRows<Row> {
  rows: readonly Row[];
  nextCursor: string | null;
}

export interface Pages<Row> {
  /** Undefined until the first page has arrived. */
  rows: readonly Row[] | undefined;
  hasMore: boolean;
  isLoading: boolean;
  error: unknown;
  reload: () => void;
  loadMore: () => void;
}

type Load<Row> = (cursor: string | undefined, signal: AbortSignal) => Promise<PageOfRows<Row>>;

interface Shown<Row> {
  rows: readonly Row[];
  nextCursor: string | null;
}

/** A list that is loaded page by page. When an input changes, it begins again; the earlier rows stay until the new ones are there. */
export function usePages<Row>(load: Load<Row>, inputs: Inputs): Pages<Row> {
  const [shown, setShown] = useState<Shown<Row>>();
  const [error, setError] = useState<unknown>();
  const [isLoading, setLoading] = useState(true);
  const [reloadCount, setReloadCount] = useState(0);
  const running = useRef(new AbortController());

  const fetchPage = (before: readonly Row[], cursor: string | undefined) => {
    running.current.abort();
    const controller = new AbortController();
    running.current = controller;
    setLoading(true);
    load(cursor, controller.signal).then(
      ({ rows, nextCursor }) => {
        if (controller.signal.aborted) return;
        setShown({ rows: [...before, ...rows], nextCursor });
        setError(undefined);
        setLoading(false);
      },
      (failure: unknown) => {
        if (controller.signal.aborted) return;
        setError(failure);
        setLoading(false);
      },
    );
  };
  useEffect(() => {
    fetchPage([], undefined);
    return () => running.current.abort();
  }, [...inputs, reloadCount]);

  return {
    rows: shown?.rows,
    hasMore: shown !== undefined && shown.nextCursor !== null,
    isLoading,
    error,
    reload: useCallback(() => setReloadCount((now) => now + 1), []),
    loadMore: () => {
      if (shown && shown.nextCursor !== null && !isLoading) fetchPage(shown.rows, shown.nextCursor);
    },
  };
}
