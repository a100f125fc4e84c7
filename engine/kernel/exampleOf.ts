import * as z from 'zod';

type Json = Record<string, unknown>;

/** Values by the name of their field, which come before what the schema allows: ids of things that exist. */
export type Named = Readonly<Record<string, unknown>>;

/**
 * The smallest value that the schema accepts: the required fields and those of `chosen`, and the first choice of a union. Fields that
 * `named` or `chosen` has get that value. @throws Error with what to add if the result is not valid
 */
export function exampleOf(schema: z.ZodType, named: Named, chosen: Named = {}): unknown {
  const example = build(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), { named: { ...named, ...chosen }, chosen });
  const checked = schema.safeParse(example);
  if (checked.success) return example;
  const problems = checked.error.issues.map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`);
  throw new Error(`${JSON.stringify(example)} is no example (${problems.join('; ')})`);
}

interface Given {
  named: Named;
  chosen: Named;
}

function build(schema: Json, given: Given): unknown {
  const fixed = [schema.const, (schema.enum as unknown[] | undefined)?.[0], schema.default].find((value) => value !== undefined);
  if (fixed !== undefined) return fixed;
  const choice = [schema.anyOf, schema.oneOf, schema.allOf].find((list) => Array.isArray(list)) as Json[] | undefined;
  // Beside a type, the choices are conditions of it.
  if (choice?.[0] && schema.type === undefined) return build(choice[0], given);
  const type = String(Array.isArray(schema.type) ? schema.type[0] : schema.type);
  return (builders[type] ?? text)(schema, given);
}

const number = ({ minimum = 0, exclusiveMinimum = -1 }: Json) => Math.max(Number(minimum), Number(exclusiveMinimum) + 1);

const builders: Readonly<Record<string, (schema: Json, given: Given) => unknown>> = {
  object,
  array: ({ minItems = 0, items = {} }, given) => Array.from({ length: Number(minItems) }, () => build(items as Json, given)),
  integer: number,
  number,
  boolean: () => false,
  null: () => null,
};

function object(schema: Json, given: Given): Json {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Json>);
  const required = new Set((schema.required ?? []) as string[]);
  return Object.fromEntries(properties.filter(([name]) => required.has(name) || Object.hasOwn(given.chosen, name)).map(([name, field]) => [name, given.named[name] ?? build(field, given)]));
}

const byFormat: Readonly<Record<string, string>> = {
  email: 'somebody@example.org',
  'date-time': '2030-01-01T09:00:00.000Z',
  date: '2030-01-01',
  uri: 'https://example.org/',
};

/** An id that nothing has, of the kind that the pattern asks for, or a word that is long enough. */
function text({ format, pattern, minLength }: Json): string {
  if (typeof format === 'string' && byFormat[format] !== undefined) return byFormat[format];
  const prefix = /^\^(\[a-z\]\{3\}|[a-z]{3})_\[/.exec(typeof pattern === 'string' ? pattern : '')?.[1];
  if (prefix !== undefined) return `${prefix.startsWith('[') ? 'zzz' : prefix}_${'0'.repeat(20)}`;
  return 'optics at dawn, with a lens and mirrors '.repeat(8).slice(0, Math.max(Number(minLength ?? 1), 12)).trim();
}
