/** Which rows of a list are selected, and from which one a range extends. Pure. */
export interface Selection {
  ids: ReadonlySet<string>;
  anchor: string | undefined;
}

export const nothingSelected: Selection = { ids: new Set(), anchor: undefined };

/** Rows in one action (POST /content/bulk). */
export const maxSelected = 100;

export function toggled({ ids }: Selection, id: string): Selection {
  const next = new Set(ids);
  if (!next.delete(id) && next.size < maxSelected) next.add(id);
  return { ids: next, anchor: id };
}

/** Adds all rows from the anchor to this one, in the order that is shown. */
export function extendedTo(selection: Selection, id: string, shown: readonly string[]): Selection {
  const from = selection.anchor === undefined ? -1 : shown.indexOf(selection.anchor);
  const to = shown.indexOf(id);
  if (from < 0 || to < 0) return toggled(selection, id);
  const range = shown.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { ids: limited([...selection.ids, ...range]), anchor: selection.anchor };
}

export function allOf(shown: readonly string[]): Selection {
  return { ids: limited(shown), anchor: shown[0] };
}

/** Without the rows that are not shown any more. */
export function kept({ ids, anchor }: Selection, shown: readonly string[]): Selection {
  const known = new Set(shown);
  const left = [...ids].filter((id) => known.has(id));
  return left.length === ids.size ? { ids, anchor } : { ids: new Set(left), anchor: anchor !== undefined && known.has(anchor) ? anchor : undefined };
}

function limited(ids: readonly string[]): ReadonlySet<string> {
  return new Set([...new Set(ids)].slice(0, maxSelected));
}
