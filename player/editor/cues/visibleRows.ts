/** Rows above and below the visible ones, so that a fast scroll and Tab find them. */
const spare = 8;

/** Which rows of a list with rows of one height are shown: from `first` up to, not including, `end`. */
export function visibleRows({ count, rowPx, scrollPx, heightPx }: { count: number; rowPx: number; scrollPx: number; heightPx: number }): { first: number; end: number } {
  const first = Math.max(0, Math.min(count, Math.floor(scrollPx / rowPx)) - spare);
  const end = Math.min(count, Math.ceil((scrollPx + heightPx) / rowPx) + spare);
  return { first, end };
}
