import { useState } from 'preact/hooks';

/** Choices of a page that are kept in its address, so that a reload or a shared link shows the same. An empty one is left out. */
export function useQuery<K extends string>(keys: readonly K[]): [Record<K, string>, (change: Partial<Record<K, string>>) => void] {
  const [values, setValues] = useState(() => {
    const query = new URLSearchParams(location.search);
    return Object.fromEntries(keys.map((key) => [key, query.get(key) ?? ''])) as Record<K, string>;
  });
  return [
    values,
    (change) => {
      const next = { ...values, ...change };
      setValues(next);
      const url = new URL(location.href);
      for (const key of keys) {
        if (next[key] === '') url.searchParams.delete(key);
        else url.searchParams.set(key, next[key]);
      }
      history.replaceState(history.state, '', url);
    },
  ];
}

