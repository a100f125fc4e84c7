/** A plain object that JSON can represent. */
export type JsonObject = { [field: string]: unknown };

/** True for object literals and objects without a prototype; false for arrays and instances of classes. */
export function isPlainObject(value: unknown): value is JsonObject {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * A deep copy with only values that JSON and MongoDB can store. Fields that are `undefined` are left out.
 * @param path names the value in the error message
 * @throws TypeError for any other value
 */
export function storableValue(value: unknown, path: string): unknown {
  if (value === null || typeof value === 'boolean') return value;
  // UTF-8 cannot encode a lone surrogate. It becomes U+FFFD, as with the mongodb driver.
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'number') {
    // JSON does not distinguish -0 from 0.
    if (Number.isFinite(value)) return value === 0 ? 0 : value;
    throw new TypeError(`${path} holds ${value}, which cannot be stored`);
  }
  if (Array.isArray(value)) return value.map((element, i) => storableValue(element ?? null, `${path}.${i}`));
  if (isPlainObject(value)) return storableObject(value, path);
  const kind = typeof value === 'object' ? value.constructor.name : typeof value;
  throw new TypeError(`${path} holds a ${kind}; store strings, numbers, booleans, null, arrays and plain objects`);
}

function storableObject(value: JsonObject, path: string): JsonObject {
  const copy: JsonObject = {};
  for (const [field, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    if (field.startsWith('$') || /[.\0]/.test(field) || field === '__proto__') {
      throw new TypeError(`${path} has a field named ${field}, which updates and filters cannot address`);
    }
    copy[field] = storableValue(inner, `${path}.${field}`);
  }
  return copy;
}

/** A copy of the document that can be stored. @throws TypeError when a value cannot be stored or `_id` is not a non-empty string */
export function storableDocument(document: object, collection: string): JsonObject & { _id: string } {
  const copy = storableObject({ ...document }, collection);
  const { _id } = copy;
  if (typeof _id !== 'string' || _id === '') throw new TypeError(`${collection}: _id must be a non-empty string`);
  return { ...copy, _id };
}

/** A document as it is stored. */
export interface StorableText {
  _id: string;
  json: string;
}

/** A copy of a replacement, with or without `_id`. @throws TypeError when it contains operators or values that cannot be stored */
export function storableReplacement(replacement: object, collection: string): JsonObject {
  if (Object.keys(replacement).some((field) => field.startsWith('$'))) throw new TypeError('a replacement must not contain operators');
  return storableObject({ ...replacement }, collection);
}
