import * as fc from 'fast-check';
import type { Collection, Database } from '../index.ts';

/** A document with a field of every kind. The conformance suite works on a collection of these. */
export interface TestDocument {
  _id: string;
  course: string;
  position?: number | null;
  code?: string | null;
  isPublic?: boolean;
  teacher?: { name?: string; email?: string };
  tags?: string[];
  parts?: { title: string; seconds: number }[];
  note?: string | number | boolean | null;
}

/** Serves any other condition beside it: a test may read the whole collection. */
export const everyDocument = { _id: { $gt: '' } } as const;

/** Opens the collection, with each kind of index: compound, unique, sparse, on a nested field. */
export function openTestCollection(database: Database): Collection<TestDocument> {
  return database.collection<TestDocument>({
    name: 'documents',
    indexes: [
      { keys: { course: 1, position: -1 } },
      { keys: { code: 1 }, unique: true, sparse: true },
      { keys: { 'teacher.email': 1 }, sparse: true },
      { keys: { isPublic: 1 } },
    ],
  });
}

const anyNote = fc.constantFrom(null, 0, 1, -1.5, 2 ** 60, '', 'a', 'b', '1', true, false);
/** Random documents without `_id`. Few different values, so that filters match. */
export const anyDocument = fc.record(
  {
    course: fc.constantFrom('a', 'b', 'é'),
    position: fc.constantFrom(null, 0, 1, -1.5, 2 ** 60),
    isPublic: fc.boolean(),
    teacher: fc.record({ email: fc.constantFrom('a', 'b'), name: fc.constantFrom('a', 'b') }, { requiredKeys: [] }),
    tags: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
    note: anyNote,
  },
  { requiredKeys: ['course'] },
);

const anyCondition = fc.oneof(
  anyNote,
  fc.record({ $ne: anyNote }),
  fc.record({ $in: fc.array(anyNote, { maxLength: 3 }) }),
  fc.record({ $nin: fc.array(anyNote, { maxLength: 3 }) }),
  fc.record({ $exists: fc.boolean() }),
  ...['$gt', '$gte', '$lt', '$lte'].map((operator) => fc.constantFrom(0, 1, -1.5, '', 'a', 'b', '1').map((operand) => ({ [operator]: operand }))),
);
const anyField = fc.constantFrom('course', 'position', 'isPublic', 'teacher.email', 'teacher.name', 'tags', 'note', '_id');
const anyFieldFilter = fc.dictionary(anyField, anyCondition, { maxKeys: 3 });
/** Random filters over the same values. */
export const anyFilter = fc.oneof(
  anyFieldFilter,
  fc.record({ $or: fc.array(anyFieldFilter, { minLength: 1, maxLength: 3 }), isPublic: fc.constantFrom(true, false) }),
  fc.record({ $and: fc.array(fc.record({ $or: fc.array(anyFieldFilter, { minLength: 1, maxLength: 2 }) }), { minLength: 1, maxLength: 2 }) }),
);
