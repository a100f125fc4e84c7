import type { SQLInputValue } from 'node:sqlite';
import type { ScalarValue } from '../query/parseFilter.ts';

/**
 * A key is a SQLite value with MongoDB's order and equality for the scalars of a document:
 * null or missing < numbers < strings < false < true.
 * - Null and missing become -infinity, which JSON cannot represent. It is below every number and, unlike SQL's NULL, equal to
 *   itself, so that unique indexes compare it.
 * - Numbers become REAL, because JavaScript reads JSON integers beyond 2^53 as doubles.
 * - Booleans become blobs, which SQLite sorts after strings. https://www.sqlite.org/datatype3.html#sort_order
 */
const NULL_KEY = '-9e999';
const FALSE_KEY = "x'00'";
const TRUE_KEY = "x'01'";

/** Bounds between the types: the smallest string, a blob below both booleans, and the key of null. */
export const LEAST_STRING = "''";
export const LEAST_BOOLEAN = "x''";
export const NULL_BOUND = NULL_KEY;

function keyOf(type: string, value: string): string {
  return (
    `CASE ${type} WHEN 'true' THEN ${TRUE_KEY} WHEN 'false' THEN ${FALSE_KEY} ` +
    `WHEN 'integer' THEN CAST(${value} AS REAL) ELSE coalesce(${value}, ${NULL_KEY}) END`
  );
}

const PATH_PATTERN = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/;

/**
 * A dotted path as a JSON path literal of SQL.
 * @throws TypeError when a field name has other characters than letters, digits and _
 */
export function jsonPath(path: string): string {
  if (!PATH_PATTERN.test(path)) throw new TypeError(`an index on ${path} is not supported`);
  return `'$.${path
    .split('.')
    .map((segment) => `"${segment}"`)
    .join('.')}'`;
}

/**
 * The key of a field. Indexes and queries use the same text, because SQLite uses an index on an expression only for an
 * identical expression. https://www.sqlite.org/expridx.html
 */
export function keyExpression(path: string): string {
  if (path === '_id') return '_id';
  return keyOf(`json_type(doc, ${jsonPath(path)})`, `json_extract(doc, ${jsonPath(path)})`);
}

/** True when the document has the field, with any value. */
export function existsExpression(path: string): string {
  return path === '_id' ? '1' : `json_type(doc, ${jsonPath(path)}) IS NOT NULL`;
}

/** The keys of the elements of the JSON array that is bound to the placeholder. */
export const KEYS_OF_LIST = `(SELECT ${keyOf('type', 'value')} FROM json_each(?))`;

/** The key of a value, to be bound to a placeholder. */
export function keyParameter(value: ScalarValue): SQLInputValue {
  if (value === null) return Number.NEGATIVE_INFINITY;
  if (typeof value === 'boolean') return Uint8Array.of(value ? 1 : 0);
  return value;
}

/** An SQL identifier. `name` contains no double quotes. */
export function quoted(name: string): string {
  return `"${name}"`;
}
