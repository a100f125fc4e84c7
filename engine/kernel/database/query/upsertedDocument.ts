import { applyChanges } from './compileUpdate.ts';
import type { CompiledUpdate } from './compileUpdate.ts';
import type { FilterNode } from './parseFilter.ts';
import type { JsonObject } from './storableDocument.ts';

/** The conditions of the filter that require equality with a value. */
function equalities(node: FilterNode): [path: string, value: unknown][] {
  if ('all' in node) return node.all.flatMap(equalities);
  if ('any' in node) return [];
  return node.operator === '$eq' ? [[node.path, node.operand]] : [];
}

/** The `_id` of the document that an upsert inserts. @throws TypeError when neither the filter nor `$setOnInsert` gives one */
export function upsertedId(filter: FilterNode, given: unknown, collection: string): string {
  const _id = given ?? equalities(filter).find(([path]) => path === '_id')?.[1];
  if (typeof _id === 'string' && _id !== '') return _id;
  throw new TypeError(`${collection}: an upsert needs an _id, a non-empty string, in its filter or in $setOnInsert`);
}

/** The document that an upsert inserts: the values that the filter requires, then the changes of the update, then `$setOnInsert`. */
export function upsertedDocument(filter: FilterNode, update: CompiledUpdate, _id: string): JsonObject {
  const document: JsonObject = { _id };
  const required = equalities(filter).filter(([path]) => path !== '_id');
  applyChanges(document, required.map(([path, value]) => ({ operator: '$set', path, value })));
  applyChanges(document, update.changes);
  applyChanges(document, Object.entries(update.valuesOnInsert).map(([path, value]) => ({ operator: '$set', path, value })));
  return document;
}
