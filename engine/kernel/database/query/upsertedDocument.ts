import { applyChanges } from './compileUpdate.ts';
import type { CompiledUpdate } from './compileUpdate.ts';
import type { FilterNode } from './parseFilter.ts';
import type { JsonObject } from './storableDocument.ts';

function equalities(node: FilterNode): [path: string, value: unknown][] {
  if ('all' in node) return node.all.flatMap(equalities);
  if ('any' in node) return [];
  return node.operator === '$eq' ? [[node.path, node.operand]] : [];
}

/** What an upsert inserts when nothing matched: the filter's equalities, then the update. */
export function upsertedDocument(filter: FilterNode, update: CompiledUpdate): JsonObject {
  const fields = equalities(filter);
  const document: JsonObject = {};
  const _id = update.insertedId ?? fields.find(([path]) => path === '_id')?.[1];
  if (_id !== undefined) document._id = _id;
  const seeds = fields.filter(([path]) => path !== '_id');
  applyChanges(document, seeds.map(([path, value]) => ({ operator: '$set', path, value })));
  applyChanges(document, update.changesOnInsert);
  return document;
}
