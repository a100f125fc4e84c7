import type { SQLInputValue } from 'node:sqlite';
import { isScalar } from '../query/parseFilter.ts';
import type { FieldCondition, FilterNode, ScalarValue } from '../query/parseFilter.ts';
import type { IndexedField, IndexedFields } from './IndexedFields.ts';
import { KEYS_OF_LIST, LEAST_BOOLEAN, LEAST_STRING, NULL_BOUND, keyParameter } from './keyExpression.ts';

export interface CompiledFilter {
  /** True for every document that matches, and perhaps for others. */
  sql: string;
  parameters: SQLInputValue[];
  /** What has still to be tested on the document; absent when the SQL says it all. */
  residual?: FilterNode;
}

const EVERYTHING = '1';
const NOTHING = '0';

/** A comparison and the bounds that keep it within the operand's type. */
function rangeSql(key: string, comparison: string, operand: ScalarValue): string {
  const upward = comparison.startsWith('>');
  if (typeof operand === 'number') return `(${key} ${comparison} ? AND ${key} ${upward ? `< ${LEAST_STRING}` : `> ${NULL_BOUND}`})`;
  if (typeof operand === 'string') {
    return `(${key} ${comparison} ? AND ${key} ${upward ? `< ${LEAST_BOOLEAN}` : `>= ${LEAST_STRING}`})`;
  }
  return upward ? `${key} ${comparison} ?` : `(${key} ${comparison} ? AND ${key} >= ${LEAST_BOOLEAN})`;
}

const comparisons: Partial<Record<string, string>> = { $gt: '>', $gte: '>=', $lt: '<', $lte: '<=' };

/** What the condition says in SQL, and whether it can hold only where the field exists; undefined when SQL cannot say it. */
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

/** `_id` is a TEXT column, to which SQLite would convert a number: other types are settled here. */
function idCondition(condition: FieldCondition): FieldCondition | typeof EVERYTHING | typeof NOTHING {
  const { operator, operand } = condition;
  if (Array.isArray(operand)) {
    return { ...condition, operand: operand.filter((value) => typeof value === 'string') };
  }
  if (operator === '$exists' || operator === '$regex' || typeof operand === 'string') return condition;
  return operator === '$ne' ? EVERYTHING : NOTHING;
}

function compileCondition(condition: FieldCondition, fields: IndexedFields): CompiledFilter {
  const field = fields.get(condition.path);
  if (field === undefined) return { sql: EVERYTHING, parameters: [], residual: condition };
  const settled = condition.path === '_id' ? idCondition(condition) : condition;
  if (typeof settled === 'string') return { sql: settled, parameters: [] };
  const compiled = conditionSql(field, settled);
  if (compiled === undefined) return { sql: EVERYTHING, parameters: [], residual: condition };
  const { sql, parameters, needsField } = compiled;
  // SQLite uses a partial index only where the query repeats its condition.
  const sparse = needsField ? field.sparseConditions : [];
  return { sql: [sql, ...sparse].join(' AND '), parameters };
}

function join(parts: readonly CompiledFilter[], word: ' AND ' | ' OR '): Pick<CompiledFilter, 'sql' | 'parameters'> {
  const neutral = word === ' AND ' ? EVERYTHING : NOTHING;
  const meaningful = parts.filter(({ sql }) => sql !== neutral);
  if (meaningful.length === 0) return { sql: neutral, parameters: [] };
  return {
    sql: meaningful.map(({ sql }) => (word === ' OR ' ? `(${sql})` : sql)).join(word),
    parameters: meaningful.flatMap(({ parameters }) => parameters),
  };
}

/** Says in SQL what a filter says about indexed fields, and leaves the rest to a test of each document. */
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
