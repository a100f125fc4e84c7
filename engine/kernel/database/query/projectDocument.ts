import type { JsonObject } from './storableDocument.ts';

/** Removes the fields that the projection leaves out, in place. @throws TypeError when it mixes 0 and 1 */
export function projectDocument(document: JsonObject, projection: object | undefined): void {
  const entries = Object.entries(projection ?? {}).filter(([, kept]) => kept !== undefined);
  if (entries.length === 0) return;
  const keeps = entries.every(([, kept]) => kept === 1);
  if (!keeps && !entries.every(([, kept]) => kept === 0)) throw new TypeError('projection: use either 1 or 0 for all fields');
  const named = new Set(entries.map(([field]) => field));
  for (const field of Object.keys(document)) {
    if (field !== '_id' && named.has(field) !== keeps) delete document[field];
  }
}
