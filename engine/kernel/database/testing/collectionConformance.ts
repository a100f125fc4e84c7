import * as fc from 'fast-check';
import { Query } from 'mingo';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Collection, Database } from '../index.ts';
import { DuplicateKeyError } from '../index.ts';
import { anyDocument, anyFilter, openTestCollection } from './testDocuments.ts';
import type { TestDocument } from './testDocuments.ts';
import { describeUpdateConformance } from './updateConformance.ts';

/** A new, empty database for one test. */
export interface OpenedDatabase {
  database: Database;
  /** Closes the database and opens it again with the same data. Absent for a database in memory. */
  reopen?: () => Promise<Database>;
  cleanup: () => Promise<void>;
}

const ids = (documents: readonly { _id: string }[]): string[] => documents.map(({ _id }) => _id);

/** The conformance suite that every adapter of the Database port passes. Each test opens its own database. */
export function describeCollectionConformance(name: string, openDatabase: () => Promise<OpenedDatabase>): void {
  describe(`${name} as a Database`, () => {
    let opened: OpenedDatabase;
    let collection: Collection<TestDocument>;
    beforeEach(async () => {
      opened = await openDatabase();
      collection = openTestCollection(opened.database);
    });
    afterEach(() => opened.cleanup());

    describe('insert', () => {
      it('stores a document that is found again unchanged', async () => {
        const document: TestDocument = { _id: 'a', course: 'c', position: null, teacher: { name: 'Zoë 𝒳 "\\' }, tags: [], note: 0.1 };
        expect(await collection.insertOne(document)).toEqual({ acknowledged: true, insertedId: 'a' });
        expect(await collection.findOne({ _id: 'a' })).toEqual(document);
      });

      it('does not store a field that is undefined', async () => {
        await collection.insertOne({ _id: 'a', course: 'c', code: undefined });
        expect(await collection.findOne({})).toStrictEqual({ _id: 'a', course: 'c' });
        expect(await collection.countDocuments({ code: { $exists: true } })).toBe(0);
      });

      it('stores the object as it was at the call', async () => {
        const document: TestDocument = { _id: 'a', course: 'c', tags: ['x'] };
        const inserted = collection.insertOne(document);
        document.tags?.push('y');
        await inserted;
        expect((await collection.findOne({}))?.tags).toEqual(['x']);
      });

      it('rejects a second document with the same _id and keeps the first', async () => {
        await collection.insertOne({ _id: 'a', course: 'first' });
        const failure = collection.insertOne({ _id: 'a', course: 'second' });
        await expect(failure).rejects.toThrow(DuplicateKeyError);
        await expect(failure).rejects.toMatchObject({ collection: 'documents', index: '_id_' });
        expect((await collection.findOne({ _id: 'a' }))?.course).toBe('first');
      });

      it('inserts many in order, and stops at the first that fails', async () => {
        const result = await collection.insertMany([{ _id: 'a', course: 'c' }, { _id: 'b', course: 'c' }]);
        expect(result).toEqual({ acknowledged: true, insertedCount: 2, insertedIds: { 0: 'a', 1: 'b' } });
        const failure = collection.insertMany([{ _id: 'x', course: 'c' }, { _id: 'a', course: 'c' }, { _id: 'y', course: 'c' }]);
        await expect(failure).rejects.toThrow(DuplicateKeyError);
        expect(ids(await collection.find({}, { sort: { _id: 1 } }))).toEqual(['a', 'b', 'x']);
      });

      it('rejects values that JSON cannot represent', async () => {
        const dated = { _id: 'a', course: 'c', note: new Date(0) };
        // @ts-expect-error a Date is not part of the document
        await expect(collection.insertOne(dated)).rejects.toThrow(TypeError);
        await expect(collection.insertOne({ _id: 'a', course: 'c', position: NaN })).rejects.toThrow(TypeError);
      });
    });

    describe('unique indexes', () => {
      it('allow many documents without the field when sparse', async () => {
        await collection.insertMany([{ _id: 'a', course: 'c' }, { _id: 'b', course: 'c' }]);
        expect(await collection.countDocuments({})).toBe(2);
      });

      it('name the violated index, for an insert, an update and a replacement', async () => {
        await collection.insertMany([{ _id: 'a', course: 'c', code: 'x' }, { _id: 'b', course: 'c', code: 'y' }]);
        const violation = { collection: 'documents', index: 'code_1' };
        await expect(collection.insertOne({ _id: 'c', course: 'c', code: 'x' })).rejects.toMatchObject(violation);
        await expect(collection.updateOne({ _id: 'b' }, { $set: { code: 'x' } })).rejects.toMatchObject(violation);
        await expect(collection.replaceOne({ _id: 'b' }, { course: 'c', code: 'x' })).rejects.toMatchObject(violation);
        expect(await collection.findOne({ _id: 'b' })).toEqual({ _id: 'b', course: 'c', code: 'y' });
      });

      it('treat null as a value', async () => {
        await collection.insertOne({ _id: 'a', course: 'c', code: null });
        await expect(collection.insertOne({ _id: 'b', course: 'c', code: null })).rejects.toThrow(DuplicateKeyError);
      });

      it('treat a missing field as null when not sparse', async () => {
        const strict = opened.database.collection<TestDocument>({ name: 'strict', indexes: [{ keys: { code: 1 }, unique: true }] });
        await strict.insertOne({ _id: 'a', course: 'c' });
        await expect(strict.insertOne({ _id: 'b', course: 'c', code: null })).rejects.toThrow(DuplicateKeyError);
      });

      it('distinguish values of different types', async () => {
        const strict = opened.database.collection<TestDocument>({ name: 'strict', indexes: [{ keys: { note: 1 }, unique: true }] });
        const notes = [1, '1', true, 0, '', false, null, 'true'];
        await strict.insertMany(notes.map((note, i) => ({ _id: `${i}`, course: 'c', note })));
        for (const [i, note] of notes.entries()) expect(ids(await strict.find({ note }))).toEqual([`${i}`]);
      });

      it('accept one of many concurrent inserts of the same key', async () => {
        const attempts = Array.from({ length: 50 }, (_, i) => collection.insertOne({ _id: `${i}`, course: 'c', code: 'x' }));
        const settled = await Promise.allSettled(attempts);
        expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        for (const result of settled) {
          if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(DuplicateKeyError);
        }
        expect(await collection.countDocuments({ code: 'x' })).toBe(1);
      });

      it('accept a key again after its document has been deleted', async () => {
        await collection.insertOne({ _id: 'a', course: 'c', code: 'x' });
        await collection.deleteOne({ _id: 'a' });
        await expect(collection.insertOne({ _id: 'b', course: 'c', code: 'x' })).resolves.toBeDefined();
      });
    });

    describe('find', () => {
      beforeEach(async () => {
        await collection.insertMany([
          { _id: 'a', course: 'maths', position: 2, tags: ['x', 'y'], isPublic: true, note: 10 },
          { _id: 'b', course: 'maths', position: 10, teacher: { name: 'Ann', email: 'ann@x' }, isPublic: false, note: '9' },
          { _id: 'c', course: 'art', position: null, parts: [{ title: 'one', seconds: 5 }, { title: 'two', seconds: 50 }] },
          { _id: 'd', course: 'art', tags: ['y'], teacher: { email: 'bob@x' }, note: null },
        ]);
      });
      const found = async (filter: Parameters<typeof collection.find>[0]) => ids(await collection.find(filter, { sort: { _id: 1 } }));

      it('matches null when the field is null or missing', async () => {
        expect(await found({ position: null })).toEqual(['c', 'd']);
        expect(await found({ position: { $ne: null } })).toEqual(['a', 'b']);
        expect(await found({ 'teacher.email': null })).toEqual(['a', 'c']);
        expect(await found({ position: { $exists: true } })).toEqual(['a', 'b', 'c']);
        expect(await found({ note: { $in: [null, 10] } })).toEqual(['a', 'c', 'd']);
        expect(await found({ position: { $nin: [null] } })).toEqual(['a', 'b']);
      });

      it('compares only values of the same type', async () => {
        expect(await found({ note: { $gt: 1 } })).toEqual(['a']);
        expect(await found({ note: { $gt: '' } })).toEqual(['b']);
        expect(await found({ position: { $lt: 5 } })).toEqual(['a']);
        expect(await found({ position: { $gte: 2, $lte: 10 } })).toEqual(['a', 'b']);
        expect(await found({ isPublic: true })).toEqual(['a']);
        expect(await found({ isPublic: { $ne: true } })).toEqual(['b', 'c', 'd']);
      });

      it('matches elements of arrays', async () => {
        expect(await found({ tags: 'y' })).toEqual(['a', 'd']);
        expect(await found({ tags: ['y'] })).toEqual(['d']);
        expect(await found({ tags: { $in: ['x', 'z'] } })).toEqual(['a']);
        expect(await found({ tags: { $nin: ['x'] } })).toEqual(['b', 'c', 'd']);
        expect(await found({ 'parts.title': 'two' })).toEqual(['c']);
        expect(await found({ 'parts.seconds': { $gt: 40 } })).toEqual(['c']);
      });

      it('combines conditions with $and and $or', async () => {
        expect(await found({ $or: [{ course: 'maths', position: 2 }, { 'teacher.email': 'bob@x' }] })).toEqual(['a', 'd']);
        expect(await found({ $or: [{ course: 'maths' }, { tags: 'y' }] })).toEqual(['a', 'b', 'd']);
        expect(await found({ course: 'art', $and: [{ tags: 'y' }, { _id: { $gt: 'a' } }] })).toEqual(['d']);
        expect(await found({ course: { $in: [] } })).toEqual([]);
        expect(await found({ course: { $nin: [] } })).toEqual(['a', 'b', 'c', 'd']);
      });

      it('matches regular expressions', async () => {
        expect(await found({ course: { $regex: /^MA/i } })).toEqual(['a', 'b']);
        expect(await found({ 'teacher.name': { $regex: /nn$/ } })).toEqual(['b']);
      });

      it('rejects an invalid filter', async () => {
        await expect(collection.find({ course: undefined })).rejects.toThrow(TypeError);
        // @ts-expect-error not an operator
        await expect(collection.find({ course: { $where: 'true' } })).rejects.toThrow(TypeError);
        // @ts-expect-error not a field
        await expect(collection.find({ curse: { $bad: 1 } })).rejects.toThrow(TypeError);
        // @ts-expect-error objects are not compared as a whole
        await expect(collection.find({ teacher: { name: 'Ann' } })).rejects.toThrow(TypeError);
      });

      it('sorts null and missing first, then skips and limits', async () => {
        const sorted = await collection.find({}, { sort: { position: 1, _id: -1 } });
        expect(ids(sorted)).toEqual(['d', 'c', 'a', 'b']);
        expect(ids(await collection.find({}, { sort: { course: 1, position: -1 }, skip: 2, limit: 1 }))).toEqual(['b']);
        expect(ids(await collection.find({ tags: 'y' }, { sort: { _id: 1 }, skip: 1, limit: 5 }))).toEqual(['d']);
        expect(ids(await collection.find({ course: 'art' }, { sort: { _id: -1 }, limit: 0 }))).toEqual(['d', 'c']);
      });

      it('sorts by a field without an index, numbers before strings', async () => {
        expect(ids(await collection.find({}, { sort: { note: 1, _id: 1 } }))).toEqual(['c', 'd', 'a', 'b']);
        expect(ids(await collection.find({}, { sort: { note: -1, _id: 1 } }))).toEqual(['b', 'a', 'c', 'd']);
        expect(ids(await collection.find({ tags: 'y' }, { sort: { tags: 1 }, limit: 1 }))).toEqual(['a']);
      });

      it('sorts strings by code point, with and without an index', async () => {
        await collection.deleteMany({});
        const strings = ['\u{1f600}', '\uff21', 'z'];
        await collection.insertMany(strings.map((text, i) => ({ _id: `${i}`, course: text, note: text })));
        expect(ids(await collection.find({}, { sort: { course: 1 } }))).toEqual(['2', '1', '0']);
        expect(ids(await collection.find({}, { sort: { note: 1 } }))).toEqual(['2', '1', '0']);
      });

      it('finds one document by sort order, with the projected fields', async () => {
        expect(await collection.findOne({ course: 'maths' }, { sort: { position: -1 } })).toMatchObject({ _id: 'b' });
        expect(await collection.findOne({ _id: 'a' }, { projection: { course: 1, tags: 1 } })).toEqual({ _id: 'a', course: 'maths', tags: ['x', 'y'] });
        expect(await collection.findOne({ _id: 'd' }, { projection: { tags: 0, teacher: 0 } })).toEqual({ _id: 'd', course: 'art', note: null });
        expect(await collection.findOne({ _id: 'nobody' })).toBeNull();
      });

      it('counts documents', async () => {
        expect(await collection.countDocuments({})).toBe(4);
        expect(await collection.countDocuments({ course: 'maths', tags: 'x' })).toBe(1);
      });

      it('iterates in sort order with skip and limit, with and without an index', async () => {
        const collected: string[] = [];
        for await (const { _id } of collection.iterate({ course: { $exists: true } }, { sort: { _id: -1 }, skip: 1, limit: 2 })) collected.push(_id);
        for await (const { _id } of collection.iterate({ tags: 'y' }, { sort: { note: -1 } })) collected.push(_id);
        expect(collected).toEqual(['c', 'b', 'a', 'd']);
      });

      it('leaves out documents that are deleted during an iteration', async () => {
        const collected: string[] = [];
        for await (const { _id } of collection.iterate({}, { sort: { _id: -1 } })) {
          collected.push(_id);
          await collection.deleteOne({ _id: 'c' });
        }
        expect(collected.filter((id) => id !== 'c')).toEqual(['d', 'b', 'a']);
      });

      it('iterates over many documents during writes', async () => {
        await collection.insertMany(Array.from({ length: 300 }, (_, i) => ({ _id: `many-${i}`, course: 'many' })));
        let seen = 0;
        for await (const document of collection.iterate({ course: 'many' })) {
          await collection.updateOne({ _id: document._id }, { $set: { note: seen } });
          seen += 1;
        }
        expect(seen).toBe(300);
        expect(await collection.countDocuments({ note: 299 })).toBe(1);
      });
    });

    describe('a random filter', () => {
      it('matches the same documents as mingo', async () => {
        const property = fc.asyncProperty(fc.array(anyDocument, { maxLength: 20 }), anyFilter, async (generated, filter) => {
          await collection.deleteMany({});
          const documents = generated.map((document, i) => ({ ...document, _id: `${i}` }));
          await collection.insertMany(documents);
          const query = new Query(filter, {});
          const expected = ids(documents.filter((document) => query.test(document))).sort();
          expect(ids(await collection.find(filter as object)).sort()).toEqual(expected);
        });
        await fc.assert(property, { numRuns: 200 });
      });
    });

    describeUpdateConformance(() => collection);

    describe('close', () => {
      it('completes earlier writes and rejects later ones', async () => {
        const written = collection.insertOne({ _id: 'a', course: 'c' });
        await opened.database.close();
        await opened.database.close();
        await expect(written).resolves.toBeDefined();
        await expect(collection.insertOne({ _id: 'b', course: 'c' })).rejects.toThrow();
        if (opened.reopen === undefined) return;
        expect(await openTestCollection(await opened.reopen()).countDocuments({})).toBe(1);
      });
    });
  });
}
