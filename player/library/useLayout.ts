import { useState } from 'preact/hooks';

export type Layout = 'grid' | 'list';
const key = 'lectern.libraryLayout';

/** The layout of the library, kept on this device. */
export function useLayout(): [Layout, (layout: Layout) => void] {
  const [layout, setLayout] = useState<Layout>(stored);
  return [
    layout,
    (chosen) => {
      setLayout(chosen);
      try {
        localStorage.setItem(key, chosen);
      } catch {
        // Without storage, it is the grid again next time.
      }
    },
  ];
}

function stored(): Layout {
  try {
    return localStorage.getItem(key) === 'list' ? 'list' : 'grid';
  } catch {
    return 'grid';
  }
}
