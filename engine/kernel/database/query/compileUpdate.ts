import { update as mingoUpdate } from 'mingo';
import { isPlainObject, storableValue } from './storableDocument.ts';
import type { JsonObject } from './storableDocument.ts';

type Target = 'any' | 'number' | 'array';

interface OperatorRule {
  /** Type that an existing field must have. */
  target: Target;
  /** The operator creates a missing field, so its path must not lead through a scalar. */
  creates: boolean;
}

const rules: Record<string, OperatorRule> = {
  $set: { target: 'any', creates: true },
  $setOnInsert: { target: 'any', creates: true },
  $unset: { target: 'any', creates: false },
  $inc: { target: 'number', creates: true },
  $max: { target: 'any', creates: true },
  $min: { target: 'any', creates: true },
  $push: { target: 'array', creates: true },
  $addToSet: { target: 'array', creates: true },
  $pull: { target: 'array', creates: false },
};

/** One operator applied to one path. */
export interface Change {
  operator: string;
  path: string;
  value: unknown;
}

export interface CompiledUpdate {
  /** Changes to a document that exists: all operators except `$setOnInsert`. */
  changes: readonly Change[];
  /** Values of `$setOnInsert`, except `_id`. */
  valuesOnInsert: Readonly<Record<string, unknown>>;
  /** `_id` given by `$setOnInsert`. */
  insertedId: unknown;
}

function storableChange(operator: string, path: string, value: unknown): unknown {
  if (operator === '$pull') return value;
  if (operator === '$inc' && !Number.isFinite(value)) throw new TypeError(`update: $inc of ${path} needs a number`);
  const isList = (operator === '$push' || operator === '$addToSet') && isPlainObject(value) && '$each' in value;
  if (!isList) return storableValue(value, path);
  if (Object.keys(value).length > 1 || !Array.isArray(value.$each)) {
    throw new TypeError(`update: ${operator} of ${path} takes an element or { $each: [...] }`);
  }
  return { $each: storableValue(value.$each, path) };
}

function parseOperator(operator: string, fields: unknown): Change[] {
  if (!Object.hasOwn(rules, operator)) throw new TypeError(`update: unknown operator ${operator}`);
  if (!isPlainObject(fields)) throw new TypeError(`update: ${operator} needs an object`);
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([path, value]) => ({ operator, path, value: storableChange(operator, path, value) }));
}

function assertNoConflicts(changes: readonly Change[]): void {
  const paths = changes.map(({ path }) => path).sort();
  for (const [i, path] of paths.entries()) {
    if (/(^|\.)(\$|__proto__)/.test(path)) throw new TypeError(`update: the path ${path} is not supported`);
    if (path === '_id') throw new TypeError('update: _id cannot change');
    const conflict = paths.find((other, j) => j !== i && (other === path || other.startsWith(`${path}.`)));
    if (conflict !== undefined) throw new TypeError(`update: ${path} and ${conflict} conflict`);
  }
}

/**
 * Checks an update independently of the documents that it is applied to.
 * @throws TypeError when an operator, path or value is invalid, or two paths conflict
 */
export function compileUpdate(update: object): CompiledUpdate {
  const all = Object.entries(update)
    .filter(([, fields]) => fields !== undefined)
    .flatMap(([operator, fields]) => parseOperator(operator, fields));
  if (Object.keys(update).length === 0) throw new TypeError('update: at least one operator is needed');
  const isInsertedId = ({ operator, path }: Change) => operator === '$setOnInsert' && path === '_id';
  const changes = all.filter((change) => !isInsertedId(change));
  assertNoConflicts(changes);
  return {
    changes: changes.filter(({ operator }) => operator !== '$setOnInsert'),
    valuesOnInsert: Object.fromEntries(changes.filter(({ operator }) => operator === '$setOnInsert').map(({ path, value }) => [path, value])),
    insertedId: all.find(isInsertedId)?.value,
  };
}

/** The value at the path; undefined when it is missing. @throws TypeError when the operator cannot create the path */
function currentValue(document: JsonObject, { operator, path }: Change): unknown {
  let value: unknown = document;
  for (const segment of path.split('.')) {
    if (value === undefined) return undefined;
    if (isPlainObject(value)) value = value[segment];
    else if (rules[operator]?.creates !== true) return undefined;
    else throw new TypeError(`update: ${operator} cannot create ${path}, because the parent of ${segment} is not an object`);
  }
  return value;
}

/** mingo ignores an operator that does not fit the stored value. MongoDB rejects the update, and so does this function. */
function assertApplies(document: JsonObject, change: Change): void {
  const value = currentValue(document, change);
  const target = rules[change.operator]?.target;
  if (value === undefined || target === 'any') return;
  const fits = target === 'array' ? Array.isArray(value) : typeof value === 'number';
  if (!fits) throw new TypeError(`update: ${change.operator} of ${change.path} needs a stored ${target ?? 'value'}`);
}

/** Converts $addToSet to a $push of the missing elements. mingo's $addToSet also removes duplicates that are already stored. */
function toPush(document: JsonObject, change: Change): Change {
  const { path, value } = change;
  const current = currentValue(document, change);
  const present = new Set(Array.isArray(current) ? current.map((element) => JSON.stringify(element)) : []);
  const elements: unknown[] = isPlainObject(value) && Array.isArray(value.$each) ? value.$each : [value];
  const missing = elements.filter((element) => {
    const text = JSON.stringify(element);
    return !present.has(text) && present.add(text);
  });
  return { operator: '$push', path, value: { $each: missing } };
}

/** Applies the changes to the document in place. @throws TypeError when one does not fit the document */
export function applyChanges(document: JsonObject, changes: readonly Change[]): void {
  const modifier: Record<string, JsonObject> = {};
  for (const change of changes) {
    assertApplies(document, change);
    const { operator, path, value } = change.operator === '$addToSet' ? toPush(document, change) : change;
    (modifier[operator] ??= {})[path] = value;
  }
  mingoUpdate(document, modifier, [], {}, { cloneMode: 'deep', queryOptions: { scriptEnabled: false } });
}
