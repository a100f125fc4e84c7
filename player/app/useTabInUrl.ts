import { useState } from 'preact/hooks';

/** The open tab of a page, kept in its address (`?tab=people`), so that a reload or a shared link opens it. Undefined for the first tab. */
export function useTabInUrl(keys: readonly string[]): [string | undefined, (key: string) => void] {
  const [open, setOpen] = useState(() => keys.find((key) => key === new URLSearchParams(location.search).get('tab')));
  return [
    open,
    (key) => {
      setOpen(key);
      const url = new URL(location.href);
      if (key === keys[0]) url.searchParams.delete('tab');
      else url.searchParams.set('tab', key);
      history.replaceState(history.state, '', url);
    },
  ];
}
