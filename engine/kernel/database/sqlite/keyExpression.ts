import type { SQLInputValue } from 'node:sqlite';
import type { ScalarValue } from '../query/parseFilter.ts';

/**
 * How a scalar of a document becomes a SQLite value whose order and equality are MongoDB's:
 * null or missing < numbers < strings < false < true. Missing is -infinity, which JSON cannot hold: it is
 * below every number and, unlike SQL's NULL, equal to itself (so that unique indexes see it). Booleans are
 * blobs, which SQLite sorts last. Integers become REAL, as JSON's integers beyond 2^53 are doubles to JavaScript.
 */
const NULL_KEY = '-9e999';
const FALSE_KEY = "x'00'";
const TRUE_KEY = "x'01'";

/** The least string and the least boolean: bounds between the types. */
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

export function jsonPath(path: string): string {
  if (!PATH_PATTERN.test(path)) throw new TypeError(`an index on ${path} is not supported`);
  return `'$.${path
    .split('.')
    .map((segment) => `"${segment}"`)
    .join('.')}'`;
}

/** Used in indexes and look-ups alike: SQLite uses an index on an expression only for the very same expression. */
export function keyExpression(path: string): string {
  if (path === '_id') return '_id';
  return keyOf(`json_type(doc, ${jsonPath(path)})`, `json_extract(doc, ${jsonPath(path)})`);
}

export function existsExpression(path: string): string {
  return path === '_id' ? '1' : `json_type(doc, ${jsonPath(path)}) IS NOT NULL`;
}

/** The keys of the JSON array that is bound to the placeholder. */
export const KEYS_OF_LIST = `(SELECT ${keyOf('type', 'value')} FROM json_each(?))`;

export function keyParameter(value: ScalarValue): SQLInputValue {
  if (value === null) return Number.NEGATIVE_INFINITY;
  if (typeof value === 'boolean') return Uint8Array.of(value ? 1 : 0);
  return value;
}

export function quoted(name: string): string {
  return `"${name}"`;
}
