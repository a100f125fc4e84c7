import type { SQLInputValue } from 'node:sqlite';
import { isScalar } from '../query/parseFilter.ts';
import type { FieldCondition, FilterNode, ScalarValue } from '../query/parseFilter.ts';
import type { IndexedField, IndexedFields } from './IndexedFields.ts';
import { KEYS_OF_LIST, LEAST_BOOLEAN, LEAST_STRING, NULL_BOUND, keyParameter } from './keyExpression.ts';

export interface CompiledFilter {
  /** True for every document that matches. May be true for others when there is a residual. */
  sql: string;
  parameters: SQLInputValue[];
  /** Conditions that must be tested on each document. Absent when the SQL is exact. */
  residual?: FilterNode;
}

const TRUE = '1';
const FALSE = '0';

/** A comparison, with a bound that limits it to values of the operand's type. */
function rangeSql(key: string, comparison: string, operand: ScalarValue): string {
  const upward = comparison.startsWith('>');
  if (typeof operand === 'number') return `(${key} ${comparison} ? AND ${key} ${upward ? `< ${LEAST_STRING}` : `> ${NULL_BOUND}`})`;
  if (typeof operand === 'string') {
    return `(${key} ${comparison} ? AND ${key} ${upward ? `< ${LEAST_BOOLEAN}` : `>= ${LEAST_STRING}`})`;
  }
  return upward ? `${key} ${comparison} ?` : `(${key} ${comparison} ? AND ${key} >= ${LEAST_BOOLEAN})`;
}

const comparisons: Partial<Record<string, string>> = { $gt: '>', $gte: '>=', $lt: '<', $lte: '<=' };

/** The condition in SQL; undefined when SQL cannot express it. `needsField`: it is false for every document without the field. */
function conditionSql(field: IndexedField, { operator, operand }: FieldCondition): (CompiledFilter & { needsField: boolean }) | undefined {
  const { key, exists } = field;
  if (operator === '$exists') {
    return { sql: operand === true ? exists : `NOT (${exists})`, parameters: [], needsField: operand === true };
  }
  if ((operator === '$in' || operator === '$nin') && Array.isArray(operand)) {
    const sql = `${key} ${operator === '$in' ? 'IN' : 'NOT IN'} ${KEYS_OF_LIST}`;
    return { sql, parameters: [JSON.stringify(operand)], needsField: operator === '$in' && !operand.includes(null) };
  }
  if (operator === '$regex' || !isScalar(operand)) return undefined;
  const parameters = [keyParameter(operand)];
  const comparison = comparisons[operator];
  if (comparison !== undefined) return { sql: rangeSql(key, comparison, operand), parameters, needsField: true };
  if (operator === '$eq') return { sql: `${key} = ?`, parameters, needsField: operand !== null };
  return { sql: `${key} <> ?`, parameters, needsField: operand === null };
}

/**
 * Resolves conditions on `_id` whose operand is not a string. `_id` is a TEXT column, and SQLite would convert the operand to
 * text.
 */
function idCondition(condition: FieldCondition): FieldCondition | typeof TRUE | typeof FALSE {
  const { operator, operand } = condition;
  if (Array.isArray(operand)) {
    return { ...condition, operand: operand.filter((value) => typeof value === 'string') };
  }
  if (operator === '$exists' || operator === '$regex' || typeof operand === 'string') return condition;
  return operator === '$ne' ? TRUE : FALSE;
}

function compileCondition(condition: FieldCondition, fields: IndexedFields): CompiledFilter {
  const field = fields.get(condition.path);
  if (field === undefined) return { sql: TRUE, parameters: [], residual: condition };
  const resolved = condition.path === '_id' ? idCondition(condition) : condition;
  if (typeof resolved === 'string') return { sql: resolved, parameters: [] };
  const compiled = conditionSql(field, resolved);
  if (compiled === undefined) return { sql: TRUE, parameters: [], residual: condition };
  const { sql, parameters, needsField } = compiled;
  // SQLite uses a partial index only if the query contains its condition. https://www.sqlite.org/partialindex.html
  const sparse = needsField ? field.sparseConditions : [];
  return { sql: [sql, ...sparse].join(' AND '), parameters };
}

function join(parts: readonly CompiledFilter[], word: ' AND ' | ' OR '): Pick<CompiledFilter, 'sql' | 'parameters'> {
  const neutral = word === ' AND ' ? TRUE : FALSE;
  const meaningful = parts.filter(({ sql }) => sql !== neutral);
  if (meaningful.length === 0) return { sql: neutral, parameters: [] };
  return {
    sql: meaningful.map(({ sql }) => (word === ' OR ' ? `(${sql})` : sql)).join(word),
    parameters: meaningful.flatMap(({ parameters }) => parameters),
  };
}

/** Compiles the conditions on indexed fields to SQL. The other conditions become the residual. */
export function compileFilter(node: FilterNode, fields: IndexedFields): CompiledFilter {
  if ('any' in node) {
    const parts = node.any.map((branch) => compileFilter(branch, fields));
    const { sql, parameters } = join(parts, ' OR ');
    const isExact = parts.every(({ residual }) => residual === undefined);
    return { sql: `(${sql})`, parameters, residual: isExact ? undefined : node };
  }
  if (!('all' in node)) return compileCondition(node, fields);
  const parts = node.all.map((part) => compileFilter(part, fields));
  const residuals = parts.flatMap(({ residual }) => residual ?? []);
  return { ...join(parts, ' AND '), residual: residuals.length === 0 ? undefined : { all: residuals } };
}
