import type { Document, Filter, Sort, UpdateFilter } from 'mongodb';
import type { CompiledUpdate } from '../query/compileUpdate.ts';
import type { FieldCondition, FilterNode } from '../query/parseFilter.ts';
import type { Query } from '../query/parseSelection.ts';

export interface MongoDocument extends Document {
  _id: string;
}

type Conditions = Map<string, Map<string, unknown>>;

/** A conjunction without nested conjunctions. */
function partsOf(node: FilterNode): Exclude<FilterNode, { all: unknown }>[] {
  return 'all' in node ? node.all.flatMap(partsOf) : [node];
}

/** A condition as MongoDB writes it. `u` is no option: patterns are always read as Unicode. */
function operatorsOf({ operator, operand }: FieldCondition): [operator: string, operand: unknown][] {
  if (!(operand instanceof RegExp)) return [[operator, operand]];
  return [['$regex', operand.source], ['$options', operand.flags.replace('u', '')]];
}

/** False when the field has a condition with this operator already. */
function addCondition(conditions: Conditions, condition: FieldCondition): boolean {
  const ofField = conditions.get(condition.path) ?? new Map<string, unknown>();
  if (ofField.has(condition.operator)) return false;
  for (const [operator, operand] of operatorsOf(condition)) ofField.set(operator, operand);
  conditions.set(condition.path, ofField);
  return true;
}

/** A filter for the driver. Equalities are at the top where possible: an upsert takes the values of its document from them. */
export function mongoFilter(node: FilterNode): Filter<MongoDocument> {
  const conditions: Conditions = new Map();
  const rest: Document[] = [];
  for (const part of partsOf(node)) {
    if ('any' in part) rest.push({ $or: part.any.map(mongoFilter) });
    else if (!addCondition(conditions, part)) rest.push({ [part.path]: Object.fromEntries(operatorsOf(part)) });
  }
  const fields = [...conditions].map(([path, operators]) => [path, operators.size === 1 && operators.has('$eq') ? operators.get('$eq') : Object.fromEntries(operators)] as const);
  return { ...Object.fromEntries(fields), ...(rest.length > 0 && { $and: rest }) };
}

/** Undefined for the natural order: an empty sort costs nothing but is sent. */
export function mongoSort({ sort }: Pick<Query, 'sort'>): Sort | undefined {
  return sort.length === 0 ? undefined : sort.map(([path, direction]) => [path, direction] as [string, 1 | -1]);
}

/** An update for the driver. `$setOnInsert` counts only with an upsert. */
export function mongoUpdate({ changes, valuesOnInsert, insertedId }: CompiledUpdate, isUpsert: boolean): UpdateFilter<MongoDocument> {
  const update: Record<string, Document> = {};
  for (const { operator, path, value } of changes) (update[operator] ??= {})[path] = value;
  const onInsert = { ...valuesOnInsert, ...(insertedId === undefined ? {} : { _id: insertedId }) };
  if (isUpsert && Object.keys(onInsert).length > 0) update.$setOnInsert = onInsert;
  // An update of values that are all undefined changes nothing, and must have an operator.
  return Object.keys(update).length > 0 ? update : { $set: {} };
}
