/** The list with one thing moved by one place; unchanged at its ends. */
export function moved<T>(list: readonly T[], from: number, by: -1 | 1): T[] {
  const [thing, neighbour] = [list[from], list[from + by]];
  if (thing === undefined || neighbour === undefined) return [...list];
  return list.map((each, index) => (index === from ? neighbour : index === from + by ? thing : each));
}
