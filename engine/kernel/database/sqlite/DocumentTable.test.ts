import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareDocuments, parseSort } from '../query/compareDocuments.ts';
import type { JsonObject } from '../query/storableDocument.ts';
import { parseSelection } from '../query/parseSelection.ts';
import type { Selection } from '../query/parseSelection.ts';
import { DocumentTable } from './DocumentTable.ts';
import { SqliteConnection } from './SqliteConnection.ts';

const declaration = {
  name: 'documents',
  indexes: [
    { keys: { course: 1, position: -1 } },
    { keys: { code: 1 }, unique: true, sparse: true },
    { keys: { 'teacher.email': 1, isPublic: 1 }, sparse: true },
  ],
};

let connection: SqliteConnection;
let table: DocumentTable;
beforeEach(() => {
  connection = new SqliteConnection(':memory:');
  table = new DocumentTable(connection, declaration);
  table.create();
});
afterEach(() => connection.close());

const explain = (selection: Selection) => table.explain(parseSelection(selection));
const count = (filter: object) => table.count(parseSelection({ filter }).filter);
const select = (selection: Selection) => table.select(parseSelection(selection)).map(({ json }) => JSON.parse(json) as JsonObject & { _id: string });

describe('A query', () => {
  const cases: [name: string, selection: Selection, plan: RegExp][] = [
    ['by _id', { filter: { _id: 'a' } }, /SEARCH documents USING INDEX sqlite_autoindex_documents_1 \(_id=\?\)/],
    ['by several _ids', { filter: { _id: { $in: ['a', 'b'] } } }, /SEARCH documents USING INDEX sqlite_autoindex_documents_1 \(_id=\?\)/],
    ['by a range of _ids', { filter: { _id: { $gt: 'a' } } }, /SEARCH documents USING INDEX sqlite_autoindex_documents_1 \(_id>\?/],
    ['by an indexed field', { filter: { course: 'c' } }, /SEARCH documents USING INDEX documents.course_1_position_-1 \(<expr>=\?\)/],
    ['by several values', { filter: { course: { $in: ['c', null, true] } } }, /USING INDEX documents.course_1_position_-1 \(<expr>=\?\)/],
    ['by null', { filter: { course: null } }, /USING INDEX documents.course_1_position_-1 \(<expr>=\?\)/],
    ['by both fields', { filter: { position: true, course: 'c' } }, /documents.course_1_position_-1 \(<expr>=\? AND <expr>=\?\)/],
    ['by field and range', { filter: { course: 'c', position: { $gte: 2 } } }, /position_-1 \(<expr>=\? AND <expr>>\? AND <expr><\?\)/],
    ['by a sparse unique field', { filter: { code: 'x' } }, /USING INDEX documents.code_1 \(<expr>=\?\)/],
    ['by a dotted sparse field', { filter: { 'teacher.email': 'x' } }, /USING INDEX documents.teacher.email_1_isPublic_1 \(<expr>=\?\)/],
    ['with a residual condition', { filter: { course: 'c', other: 1 } }, /USING INDEX documents.course_1_position_-1 \(<expr>=\?\)/],
    ['under $and', { filter: { $and: [{ course: 'c' }, { other: 1 }] } }, /USING INDEX documents.course_1_position_-1/],
  ];
  it.each(cases)('%s does not scan', (_name, selection, plan) => {
    const steps = explain(selection);
    expect(steps.join('\n')).toMatch(plan);
    expect(steps.filter((step) => /SCAN documents/.test(step))).toEqual([]);
  });

  it('with $or searches once per branch', () => {
    const steps = explain({ filter: { $or: [{ course: 'c' }, { code: 'x' }] } });
    expect(steps.filter((step) => step.startsWith('SEARCH'))).toHaveLength(2);
    expect(steps.filter((step) => step.startsWith('SCAN'))).toEqual([]);
  });

  it('in the order of its index needs no sort', () => {
    const steps = explain({ filter: { course: 'c' }, sort: { position: -1 }, limit: 1 });
    expect(steps).toEqual(['SEARCH documents USING INDEX documents.course_1_position_-1 (<expr>=?)']);
  });

  it('by a field without an index scans the table', () => {
    expect(explain({ filter: { other: 1 } })).toEqual(['SCAN documents']);
  });
});

describe('A sort', () => {
  const anyKey = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.string({ unit: 'binary' }), fc.boolean(), fc.constant(null));
  const anyDocuments = fc.array(fc.record({ course: anyKey, position: anyKey }, { requiredKeys: [] }), { maxLength: 30 });

  it('is the same in SQL as in memory for random keys', () => {
    const sort = { course: 1, position: -1, _id: 1 } as const;
    const property = fc.property(anyDocuments, (generated) => {
      connection.exec('DELETE FROM documents');
      const documents = generated.map((document, i) => ({ ...document, _id: `${i}` }));
      for (const document of documents) table.insertDocument(document);
      const expected = documents.toSorted(compareDocuments(parseSort(sort))).map(({ _id }) => _id);
      expect(select({ filter: {}, sort }).map((document) => document._id)).toEqual(expected);
      for (const { _id, course = null } of documents) {
        expect(select({ filter: { course } }).map((document) => document._id)).toContain(_id);
        expect(select({ filter: { course: { $in: [course] } } }).map((document) => document._id)).toContain(_id);
      }
    });
    fc.assert(property, { numRuns: 200 });
  });
});

describe('An _id', () => {
  it.each([1, null, true, { $in: [1, null] }, { $gt: 0 }, { $lte: true }])('is a string and does not match %j', (condition) => {
    for (const _id of ['1.0', '1', '-Inf', 'true']) table.insertDocument({ _id });
    expect(select({ filter: { _id: condition } })).toEqual([]);
  });

  it('differs from every value of another type', () => {
    for (const _id of ['1.0', '1', '-Inf']) table.insertDocument({ _id });
    expect(count({ _id: { $ne: 1 } })).toBe(3);
    expect(count({ _id: { $nin: [1, null] } })).toBe(3);
    expect(count({ _id: { $ne: null } })).toBe(3);
  });
});

describe('An indexed field', () => {
  it.each([
    [{ course: ['a'] }, 'documents.course is indexed'],
    [{ course: { a: 1 } }, 'documents.course is indexed'],
    [{ teacher: [{ email: 'a' }] }, 'documents.teacher.email is indexed'],
  ])('rejects %j', (document, message) => {
    expect(() => table.insertDocument({ _id: 'a', ...document })).toThrow(message);
  });

  it('cannot be declared when a stored document has an array there', () => {
    table.insertDocument({ _id: 'a', tags: ['x'] });
    const tagged = new DocumentTable(connection, { name: 'documents', indexes: [{ keys: { tags: 1 } }] });
    expect(() => tagged.create()).toThrow('documents.tags cannot be indexed: the document a has');
  });
});
