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

/** The document that an upsert inserts: the values that the filter requires, then the changes of the update. */
export function upsertedDocument(filter: FilterNode, update: CompiledUpdate): JsonObject {
  const fields = equalities(filter);
  const document: JsonObject = {};
  const _id = update.insertedId ?? fields.find(([path]) => path === '_id')?.[1];
  if (_id !== undefined) document._id = _id;
  const required = fields.filter(([path]) => path !== '_id');
  applyChanges(document, required.map(([path, value]) => ({ operator: '$set', path, value })));
  applyChanges(document, update.changesOnInsert);
  return document;
}
