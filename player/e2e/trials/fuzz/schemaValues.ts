import * as fc from 'fast-check';
import * as z from 'zod';

/** Values that exist on the server, by the name of a field or the prefix of an id. */
export type KnownValues = Readonly<Record<string, readonly string[]>>;

interface JsonSchema {
  type?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
}

/** Longer texts and lists are made by mutation. */
const usualLength = 40;
const usualItems = 4;

/** Values that a schema of the contract accepts, with existing ids among the generated ones. */
export function valuesOf(schema: z.ZodType, known: KnownValues = {}): fc.Arbitrary<unknown> {
  return valuesFor(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema, { known, field: '' });
}

interface Place {
  known: KnownValues;
  field: string;
}

const makers: Readonly<Record<string, (schema: JsonSchema, place: Place) => fc.Arbitrary<unknown>>> = {
  object: (schema, { known }) => objects(schema, known),
  array: lists,
  string: texts,
  integer: ({ minimum = 0, maximum = 100_000 }) => fc.integer({ min: Math.max(minimum, -(2 ** 31)), max: Math.min(maximum, 2 ** 32) }),
  number: ({ minimum = -1000, maximum = 1e6 }) => fc.double({ min: minimum, max: maximum, noNaN: true }),
  boolean: () => fc.boolean(),
  null: () => fc.constant(null),
};

function valuesFor(schema: JsonSchema, place: Place): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((option) => valuesFor(option, place)));
  return makers[schema.type ?? '']?.(schema, place) ?? fc.jsonValue({ maxDepth: 2 });
}

function lists({ items = {}, minItems = 0, maxItems = usualItems }: JsonSchema, place: Place): fc.Arbitrary<unknown> {
  return fc.array(valuesFor(items, place), { minLength: minItems, maxLength: Math.max(minItems, Math.min(usualItems, maxItems)) });
}

function objects({ properties, required = [], additionalProperties }: JsonSchema, known: KnownValues): fc.Arbitrary<unknown> {
  if (!properties) return fc.dictionary(fc.string({ maxLength: 8 }), valuesFor(typeof additionalProperties === 'object' ? additionalProperties : {}, { known, field: '' }), { maxKeys: 3 });
  const fields = Object.entries(properties).map(([field, schema]) => [field, valuesFor(schema, { known, field })] as const);
  return fc.record(Object.fromEntries(fields), { requiredKeys: required });
}

function texts({ pattern, format, minLength = 0, maxLength = usualLength }: JsonSchema, { known, field }: Place): fc.Arbitrary<unknown> {
  const prefix = /^\^([a-z]{3})_/.exec(pattern ?? '')?.[1];
  const existing = known[field] ?? (prefix === undefined ? undefined : known[prefix]);
  const anyText = fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, usualLength)), unit: 'grapheme' });
  const made = format === 'email' ? fc.emailAddress() : format === 'date-time' ? instants() : pattern === undefined ? anyText : matching(pattern, anyText);
  return existing && existing.length > 0 ? fc.oneof({ arbitrary: fc.constantFrom(...existing), weight: 3 }, { arbitrary: made, weight: 1 }) : made;
}

/** fast-check makes no strings for a pattern that looks around; what such a pattern accepts is common among random strings. */
function matching(pattern: string, anyText: fc.Arbitrary<string>): fc.Arbitrary<string> {
  if (!/\(\?<?[=!]/.test(pattern)) return fc.stringMatching(new RegExp(pattern));
  const accepted = new RegExp(pattern, 'u');
  return anyText.filter((text) => accepted.test(text));
}

function instants(): fc.Arbitrary<string> {
  return fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }).map((date) => date.toISOString());
}
