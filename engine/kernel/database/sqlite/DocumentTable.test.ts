import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareDocuments, parseSort } from '../query/compareDocuments.ts';
import { createTable } from './createTable.ts';
import { DocumentTable } from './DocumentTable.ts';
import type { Selection } from './DocumentTable.ts';
import { IndexedFields } from './IndexedFields.ts';
import { SqliteConnection } from './SqliteConnection.ts';

const declaration = {
  name: 'lessons',
  indexes: [
    { keys: { course: 1, position: -1 } },
    { keys: { code: 1 }, unique: true, sparse: true },
    { keys: { 'teacher.email': 1, isPublic: 1 }, sparse: true },
  ],
};

let connection: SqliteConnection;
let table: DocumentTable<{ _id: string }>;
beforeEach(() => {
  connection = new SqliteConnection(':memory:');
  const fields = new IndexedFields(declaration);
  createTable(connection, fields);
  table = new DocumentTable(connection, fields);
});
afterEach(() => connection.close());

describe('A look-up', () => {
  const cases: [name: string, selection: Selection, plan: RegExp][] = [
    ['by _id', { filter: { _id: 'a' } }, /SEARCH lessons USING INDEX sqlite_autoindex_lessons_1 \(_id=\?\)/],
    ['by several _ids', { filter: { _id: { $in: ['a', 'b'] } } }, /SEARCH lessons USING INDEX sqlite_autoindex_lessons_1 \(_id=\?\)/],
    ['by a range of _ids', { filter: { _id: { $gt: 'a' } } }, /SEARCH lessons USING INDEX sqlite_autoindex_lessons_1 \(_id>\?/],
    ['by an indexed field', { filter: { course: 'c' } }, /SEARCH lessons USING INDEX lessons.course_1_position_-1 \(<expr>=\?\)/],
    ['by several values', { filter: { course: { $in: ['c', null, true] } } }, /USING INDEX lessons.course_1_position_-1 \(<expr>=\?\)/],
    ['by null', { filter: { course: null } }, /USING INDEX lessons.course_1_position_-1 \(<expr>=\?\)/],
    ['by both fields', { filter: { position: true, course: 'c' } }, /lessons.course_1_position_-1 \(<expr>=\? AND <expr>=\?\)/],
    ['by field and range', { filter: { course: 'c', position: { $gte: 2 } } }, /position_-1 \(<expr>=\? AND <expr>>\? AND <expr><\?\)/],
    ['by a sparse unique field', { filter: { code: 'x' } }, /USING INDEX lessons.code_1 \(<expr>=\?\)/],
    ['by a dotted sparse field', { filter: { 'teacher.email': 'x' } }, /USING INDEX lessons.teacher.email_1_isPublic_1 \(<expr>=\?\)/],
    ['with a test that is left', { filter: { course: 'c', other: 1 } }, /USING INDEX lessons.course_1_position_-1 \(<expr>=\?\)/],
    ['under $and', { filter: { $and: [{ course: 'c' }, { other: 1 }] } }, /USING INDEX lessons.course_1_position_-1/],
  ];
  it.each(cases)('%s does not scan', (_name, selection, plan) => {
    const steps = table.explain(selection);
    expect(steps.join('\n')).toMatch(plan);
    expect(steps.filter((step) => /SCAN lessons/.test(step))).toEqual([]);
  });

  it('by $or searches once per branch', () => {
    const steps = table.explain({ filter: { $or: [{ course: 'c' }, { code: 'x' }] } });
    expect(steps.filter((step) => step.startsWith('SEARCH'))).toHaveLength(2);
    expect(steps.filter((step) => step.startsWith('SCAN'))).toEqual([]);
  });

  it('in the order of its index sorts nothing', () => {
    const steps = table.explain({ filter: { course: 'c' }, sort: { position: -1 }, limit: 1 });
    expect(steps).toEqual(['SEARCH lessons USING INDEX lessons.course_1_position_-1 (<expr>=?)']);
  });

  it('by a field without an index scans', () => {
    expect(table.explain({ filter: { other: 1 } })).toEqual(['SCAN lessons']);
  });
});

describe('A sort', () => {
  const anyKey = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.string({ unit: 'binary' }), fc.boolean(), fc.constant(null));
  const anyDocuments = fc.array(fc.record({ course: anyKey, position: anyKey }, { requiredKeys: [] }), { maxLength: 30 });

  it('is the same in SQL as in memory, whatever the keys hold', () => {
    const sort = { course: 1, position: -1, _id: 1 } as const;
    const rounds = fc.property(anyDocuments, (generated) => {
      connection.exec('DELETE FROM lessons');
      const documents = generated.map((document, i) => ({ ...document, _id: `${i}` }));
      for (const document of documents) table.insert(document);
      const expected = documents.toSorted(compareDocuments(parseSort(sort))).map(({ _id }) => _id);
      expect(table.select({ filter: {}, sort }).map(({ document }) => document._id)).toEqual(expected);
      for (const { _id, course = null } of documents) {
        expect(table.select({ filter: { course } }).map(({ document }) => document._id)).toContain(_id);
        expect(table.select({ filter: { course: { $in: [course] } } }).map(({ document }) => document._id)).toContain(_id);
      }
    });
    fc.assert(rounds, { numRuns: 200 });
  });
});

describe('An _id', () => {
  it.each([1, null, true, { $in: [1, null] }, { $gt: 0 }, { $lte: true }])('is a string, which %j does not match', (condition) => {
    for (const _id of ['1.0', '1', '-Inf', 'true']) table.insert({ _id });
    expect(table.select({ filter: { _id: condition } })).toEqual([]);
  });

  it('differs from every value of another type', () => {
    for (const _id of ['1.0', '1', '-Inf']) table.insert({ _id });
    expect(table.count({ _id: { $ne: 1 } })).toBe(3);
    expect(table.count({ _id: { $nin: [1, null] } })).toBe(3);
    expect(table.count({ _id: { $ne: null } })).toBe(3);
  });
});

describe('An indexed field', () => {
  it.each([
    [{ course: ['a'] }, 'lessons.course is indexed'],
    [{ course: { a: 1 } }, 'lessons.course is indexed'],
    [{ teacher: [{ email: 'a' }] }, 'lessons.teacher.email is indexed'],
  ])('refuses %j, which MongoDB would index under several keys', (document, message) => {
    expect(() => table.insert({ _id: 'a', ...document })).toThrow(message);
  });

  it('cannot be declared over stored arrays', () => {
    table.insert({ _id: 'a', tags: ['x'] });
    const fields = new IndexedFields({ name: 'lessons', indexes: [{ keys: { tags: 1 } }] });
    expect(() => createTable(connection, fields)).toThrow('lessons.tags cannot be indexed: the document a has');
  });
});

describe('Look-ups among many documents', () => {
  it('use an index', () => {
    for (let i = 0; i < 1000; i += 1) table.insert({ _id: `id-${i}`, course: `course-${i % 10}`, position: i, code: `code-${i}` });
    const byCode = { filter: { code: 'code-1' } };
    const byCourse = { filter: { course: 'course-1' }, sort: { position: -1 }, limit: 10 } as const;
    expect(table.explain(byCode)).toEqual(['SEARCH lessons USING INDEX lessons.code_1 (<expr>=?)']);
    expect(table.explain(byCourse)).toEqual(['SEARCH lessons USING INDEX lessons.course_1_position_-1 (<expr>=?)']);
    expect(table.select(byCode)).toHaveLength(1);
    expect(table.select(byCourse)).toHaveLength(10);
  });
});
