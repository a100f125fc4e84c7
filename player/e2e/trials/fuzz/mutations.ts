import * as fc from 'fast-check';

type Json = unknown;
type Path = readonly (string | number)[];

/** Beyond this depth Socket.IO's client fails before it sends anything; raw packets go further. */
const deepest = 800;
const hugeLength = 20_000;
const mostCopies = 200;
/** Four times what the server reads of a packet. Copies of copies would take 100 MB, and seconds of the attacker's time. */
const longestOfCopies = 2 ** 20;

/** Values of every kind that no schema expects, and some that break careless code. */
export const junk: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom(null, true, -1, 0, 1e308, -1e308, 0.1, 2 ** 53, '', ' ', '\u0000', '\ud800', '🏳️‍🌈'.repeat(50), '../../etc/passwd', '%00', '{"$ne":null}', '__proto__', 'constructor', 'NaN'),
  fc.constantFrom<Json>([], {}, [[]], { $ne: null }, { toString: 1 }, { then: 1, toJSON: 1 }, { length: 1e9 }),
  fc.constant(0).map(() => JSON.parse('{"__proto__":{"isAdmin":true,"role":"owner"},"constructor":{"prototype":{"role":"owner"}}}') as Json),
  fc.string({ maxLength: 200, unit: 'binary' }),
  fc.nat(hugeLength).map((length) => 'x'.repeat(length)),
  fc.nat(2000).map((length) => Array<number>(length).fill(7)),
  fc.nat(500).map((length) => Object.fromEntries(Array.from({ length }, (_, index) => [`k${index}`, index]))),
  fc.integer({ min: 1, max: deepest }).map(nested),
  fc.jsonValue({ maxDepth: 4 }),
);

/** Values that a socket can carry and JSON cannot. */
export const binaryJunk: fc.Arbitrary<Json> = fc.oneof(
  fc.uint8Array({ maxLength: 2000 }),
  fc.constantFrom<Json>(NaN, Infinity, undefined, { _placeholder: true, num: 0 }, { _placeholder: true, num: 1e9 }, new Uint8Array(100_000)),
);

export interface MutationOptions {
  /** What replaces a value. */
  junk: fc.Arbitrary<Json>;
}

/** A valid value with one to three mutations. */
export function mutated(values: fc.Arbitrary<Json>, options: MutationOptions = { junk }): fc.Arbitrary<Json> {
  const mutation = fc.record({ kind: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'add', 'repeat', 'whole'), at: fc.nat(), name: fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('__proto__', 'toString', '$where', '')), junk: options.junk });
  return fc.tuple(values, fc.array(mutation, { minLength: 1, maxLength: 3 })).map(([value, mutations]) => mutations.reduce<Json>((result, each) => mutate(result, each), structuredClone(value)));
}

interface Mutation {
  kind: string;
  at: number;
  name: string;
  junk: Json;
}

function mutate(value: Json, { kind, at, name, junk: given }: Mutation): Json {
  // The same junk is in several inputs: a later mutation must not change it there.
  const replacement = structuredClone(given);
  const places = pathsIn(value);
  const path = places[at % places.length] ?? [];
  if (kind === 'whole' || path.length === 0) return kind === 'add' && isObject(value) ? withKey(value, name, replacement) : replacement;
  const parent = path.slice(0, -1).reduce<Json>((inside, key) => (inside as Record<string, Json>)[key as string], value) as Record<string, Json>;
  const key = String(path.at(-1));
  if (kind === 'remove') delete parent[key];
  else if (kind === 'add') parent[key] = isObject(parent[key]) ? withKey(parent[key], name, replacement) : replacement;
  else if (kind === 'repeat') parent[key] = copiesOf(parent[key]);
  else parent[key] = replacement;
  return value;
}

/** Separate copies: a later mutation changes one of them. */
function copiesOf(value: Json): Json[] {
  const length = (JSON.stringify(value) ?? '').length;
  const count = Math.max(2, Math.min(mostCopies, Math.floor(longestOfCopies / Math.max(1, length))));
  return Array.from({ length: count }, () => structuredClone(value));
}

function pathsIn(value: Json, path: Path = [], depth = 0): Path[] {
  if (depth > 4 || typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [path];
  const inside = Object.entries(value).slice(0, 30).flatMap(([key, each]) => pathsIn(each as Json, [...path, key], depth + 1));
  return [path, ...inside];
}

function isObject(value: Json): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** As JSON.parse does it: `__proto__` is a key like any other. */
function withKey(value: Record<string, Json>, key: string, given: Json): Record<string, Json> {
  return Object.defineProperty({ ...value }, key, { value: given, enumerable: true, configurable: true, writable: true });
}

function nested(depth: number): Json {
  let value: Json = 1;
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

const chunk = 200;

/** `count` inputs, the same for the same seed, generated on demand. */
export function* inputsOf<T>(arbitrary: fc.Arbitrary<T>, { seed, count }: { seed: number; count: number }): Generator<T> {
  for (let made = 0; made < count; made += chunk) {
    yield* fc.sample(arbitrary, { seed: seed + made, numRuns: Math.min(chunk, count - made) });
  }
}
