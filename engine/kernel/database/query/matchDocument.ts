import { Query } from 'mingo';
import type { FilterNode } from './parseFilter.ts';
import type { JsonObject } from './storableDocument.ts';

export type DocumentTest = (document: JsonObject) => boolean;

function mongoFilter(node: FilterNode): JsonObject {
  if ('all' in node) return node.all.length === 0 ? {} : { $and: node.all.map(mongoFilter) };
  if ('any' in node) return { $or: node.any.map(mongoFilter) };
  return { [node.path]: { [node.operator]: node.operand } };
}

/** A function that tests documents in memory. It compares strings by UTF-16 code unit; an index compares them by code point. */
export function matchDocument(node: FilterNode): DocumentTest {
  const query = new Query<JsonObject>(mongoFilter(node), { scriptEnabled: false });
  return (document) => query.test(document);
}
