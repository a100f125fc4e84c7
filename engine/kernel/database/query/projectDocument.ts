import type { JsonObject } from './storableDocument.ts';

/** Keeps or leaves out top-level fields, in place; `_id` always stays. */
export function projectDocument(document: JsonObject, projection: object | undefined): void {
  const entries = Object.entries(projection ?? {}).filter(([, kept]) => kept !== undefined);
  if (entries.length === 0) return;
  const keeps = entries.every(([, kept]) => kept === 1);
  if (!keeps && !entries.every(([, kept]) => kept === 0)) throw new TypeError('projection: give only 1, or only 0');
  const named = new Set(entries.map(([field]) => field));
  for (const field of Object.keys(document)) {
    if (field !== '_id' && named.has(field) !== keeps) delete document[field];
  }
}
