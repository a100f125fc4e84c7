import * as z from 'zod';

type Json = Record<string, unknown>;

/** Values by the name of their field, which come before what the schema allows: ids of things that exist. */
export type Named = Readonly<Record<string, unknown>>;

/**
 * The smallest value that the schema accepts: the required fields and those that `named` has, with its values, and the first choice
 * of a union. @throws Error with what to add if the result is not valid
 */
export function exampleOf(schema: z.ZodType, named: Named): unknown {
  const example = build(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), named);
  const checked = schema.safeParse(example);
  if (checked.success) return example;
  const problems = checked.error.issues.map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`);
  throw new Error(`${JSON.stringify(example)} is no example (${problems.join('; ')})`);
}

function build(schema: Json, named: Named): unknown {
  const given = [schema.const, (schema.enum as unknown[] | undefined)?.[0], schema.default].find((value) => value !== undefined);
  if (given !== undefined) return given;
  const choice = [schema.anyOf, schema.oneOf, schema.allOf].find((list) => Array.isArray(list)) as Json[] | undefined;
  // Beside a type, the choices are conditions of it.
  if (choice?.[0] && schema.type === undefined) return build(choice[0], named);
  const type = String(Array.isArray(schema.type) ? schema.type[0] : schema.type);
  return (builders[type] ?? text)(schema, named);
}

const number = ({ minimum = 0, exclusiveMinimum = -1 }: Json) => Math.max(Number(minimum), Number(exclusiveMinimum) + 1);

const builders: Readonly<Record<string, (schema: Json, named: Named) => unknown>> = {
  object,
  array: ({ minItems = 0, items = {} }, named) => Array.from({ length: Number(minItems) }, () => build(items as Json, named)),
  integer: number,
  number,
  boolean: () => false,
  null: () => null,
};

function object(schema: Json, named: Named): Json {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Json>);
  const required = new Set((schema.required ?? []) as string[]);
  return Object.fromEntries(properties.filter(([name]) => required.has(name) || Object.hasOwn(named, name)).map(([name, field]) => [name, named[name] ?? build(field, named)]));
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
