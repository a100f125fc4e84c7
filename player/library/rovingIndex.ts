/** Where the focus goes from one item of a grid by a key; undefined for a key that moves nothing. `columns` is 1 in a list. */
export function rovingIndex(key: string, { index, count, columns }: { index: number; count: number; columns: number }): number | undefined {
  const target = targetOf(key, { index, count, columns });
  return target === undefined || target < 0 || target >= count ? undefined : target;
}

function targetOf(key: string, { index, count, columns }: { index: number; count: number; columns: number }): number | undefined {
  switch (key) {
    case 'ArrowRight':
      return index + 1;
    case 'ArrowLeft':
      return index - 1;
    case 'ArrowUp':
      return index - columns;
    case 'ArrowDown':
      // From the line before the last one, the end is below a gap.
      return Math.floor(index / columns) < Math.floor((count - 1) / columns) ? Math.min(index + columns, count - 1) : undefined;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
