import type { Term } from '#api/contract';

/** The term of two date fields; null while neither is filled in. One of them alone is refused by the server, which says so. */
export function termOf({ startsOn, endsOn }: Term): Term | null {
  return startsOn === '' && endsOn === '' ? null : { startsOn, endsOn };
}
