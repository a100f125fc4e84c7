import { isPlainObject } from './storableDocument.ts';

export type ScalarValue = string | number | boolean | null;
export type Operator = '$eq' | '$ne' | '$gt' | '$gte' | '$lt' | '$lte' | '$in' | '$nin' | '$exists' | '$regex';

/** One operator on one field. `operand` has been checked for the operator. */
export interface FieldCondition {
  path: string;
  operator: Operator;
  operand: unknown;
}

/** A checked filter as a tree: conjunction (`all`), disjunction (`any`) or a condition on one field. */
export type FilterNode = { all: FilterNode[] } | { any: FilterNode[] } | FieldCondition;

/** NaN and infinities are not scalars, because JSON cannot represent them. */
export function isScalar(value: unknown): value is ScalarValue {
  return value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}

/** Replaces lone surrogates, as `storableValue` does in documents. */
const wellFormed = (value: unknown): unknown => (typeof value === 'string' ? value.toWellFormed() : value);

function refuse(path: string, operator: string, wanted: string): never {
  throw new TypeError(`filter: ${path} ${operator} needs ${wanted}`);
}

function equalityOperand(path: string, operator: string, operand: unknown): unknown {
  if (isScalar(operand)) return wellFormed(operand);
  if (Array.isArray(operand)) return operand.map(wellFormed);
  return refuse(path, operator, 'a string, number, boolean, null or array (address fields of an object by dotted paths)');
}

function rangeOperand(path: string, operator: string, operand: unknown): unknown {
  return isScalar(operand) && operand !== null ? wellFormed(operand) : refuse(path, operator, 'a string or a number');
}

function listOperand(path: string, operator: string, operand: unknown): unknown {
  if (Array.isArray(operand) && operand.every(isScalar)) return operand.map(wellFormed);
  return refuse(path, operator, 'an array of strings, numbers, booleans or null');
}

function booleanOperand(path: string, operator: string, operand: unknown): unknown {
  return typeof operand === 'boolean' ? operand : refuse(path, operator, 'true or false');
}

function regexOperand(path: string, operator: string, operand: unknown): unknown {
  // The mongodb driver drops JavaScript's other flags or gives them another meaning.
  return operand instanceof RegExp && /^[imu]*$/.test(operand.flags)
    ? operand
    : refuse(path, operator, 'a RegExp with only the flags i, m and u');
}

const operands: Record<Operator, (path: string, operator: string, operand: unknown) => unknown> = {
  $eq: equalityOperand,
  $ne: equalityOperand,
  $gt: rangeOperand,
  $gte: rangeOperand,
  $lt: rangeOperand,
  $lte: rangeOperand,
  $in: listOperand,
  $nin: listOperand,
  $exists: booleanOperand,
  $regex: regexOperand,
};

const isOperator = (name: string): name is Operator => Object.hasOwn(operands, name);

function parseField(path: string, condition: unknown): FieldCondition[] {
  if (!isPlainObject(condition)) {
    return [{ path, operator: '$eq', operand: equalityOperand(path, '$eq', condition) }];
  }
  const entries = Object.entries(condition).filter(([, operand]) => operand !== undefined);
  if (entries.length === 0) throw new TypeError(`filter: ${path} has no condition`);
  return entries.map(([operator, operand]) => {
    if (!isOperator(operator)) throw new TypeError(`filter: ${path} has the unknown operator ${operator}`);
    return { path, operator, operand: operands[operator](path, operator, operand) };
  });
}

function parseBranches(name: string, branches: unknown): FilterNode[] {
  if (Array.isArray(branches) && branches.length > 0) return branches.map((branch: unknown) => parseFilter(branch));
  throw new TypeError(`filter: ${name} needs a non-empty array of filters`);
}

/**
 * Checks a filter and returns it as a tree. A field with the value `undefined` is rejected: ignoring it would match every
 * document.
 * @throws TypeError
 */
export function parseFilter(filter: unknown): FilterNode {
  if (!isPlainObject(filter)) throw new TypeError('a filter must be a plain object');
  const all: FilterNode[] = [];
  for (const [key, condition] of Object.entries(filter)) {
    if (condition === undefined) throw new TypeError(`filter: ${key} is undefined`);
    if (key === '$and') all.push(...parseBranches(key, condition));
    else if (key === '$or') all.push({ any: parseBranches(key, condition) });
    else if (key.startsWith('$')) throw new TypeError(`filter: unknown operator ${key}`);
    else all.push(...parseField(key, condition));
  }
  return { all };
}
