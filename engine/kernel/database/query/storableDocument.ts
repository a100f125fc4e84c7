/** A plain JSON object, as read from or written to a collection. */
export type JsonObject = { [field: string]: unknown };

export function isPlainObject(value: unknown): value is JsonObject {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A deep copy holding only what JSON can carry and MongoDB would store; anything else is a TypeError naming the field. */
export function storableValue(value: unknown, path: string): unknown {
  if (value === null || typeof value === 'boolean') return value;
  // A lone surrogate has no UTF-8 form; the mongodb driver stores U+FFFD for it too.
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value;
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
    if (field.startsWith('$') || field.includes('.') || field === '__proto__') {
      throw new TypeError(`${path} has a field named ${field}, which updates and filters could not address`);
    }
    copy[field] = storableValue(inner, `${path}.${field}`);
  }
  return copy;
}

/** A copy that is ready to be stored in the named collection. */
export function storableDocument(document: object, collection: string): JsonObject & { _id: string } {
  const copy = storableObject({ ...document }, collection);
  const { _id } = copy;
  if (typeof _id !== 'string' || _id === '') throw new TypeError(`${collection}: _id must be a string that is not empty`);
  return { ...copy, _id };
}
