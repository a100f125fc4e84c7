import type { Inputs } from 'preact/hooks';
import { useCallback, useEffect, useState } from 'preact/hooks';

export interface Loaded<T> {
  data: T | undefined;
  error: unknown;
  reload: () => void;
  replace: (data: T) => void;
}

/** Loads on mount and whenever an input changes. The earlier data stays until the new data has arrived. */
export function useLoaded<T>(load: (signal: AbortSignal) => Promise<T>, inputs: Inputs): Loaded<T> {
  const [data, setData] = useState<T>();
  const [error, setError] = useState<unknown>();
  const [reloadCount, setReloadCount] = useState(0);

  useEffect(() => {
    const controller = new AbortController();
    load(controller.signal).then(
      (loaded) => {
        if (controller.signal.aborted) return;
        setError(undefined);
        setData(loaded);
      },
      (failure: unknown) => {
        if (!controller.signal.aborted) setError(failure);
      },
    );
    return () => controller.abort();
  }, [...inputs, reloadCount]);

  const reload = useCallback(() => setReloadCount((now) => now + 1), []);
  const replace = useCallback((next: T) => setData(() => next), []);
  return { data, error, reload, replace };
}

/** Calls `reload` at an interval while the page is visible, and immediately when it becomes visible again. */
export function usePolling(reload: () => void, everyMs: number): void {
  useEffect(() => {
    const reloadIfVisible = () => {
      if (document.visibilityState === 'visible') reload();
    };
    const timer = setInterval(reloadIfVisible, everyMs);
    document.addEventListener('visibilitychange', reloadIfVisible);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', reloadIfVisible);
    };
  }, [reload, everyMs]);
}
