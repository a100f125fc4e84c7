import { afterEach, beforeEach, describe, expect } from 'vitest';
import type { Collection, Database } from '../index.ts';
import { DuplicateKeyError } from '../index.ts';
import { describeFindConformance } from './findConformance.ts';
import { judgedTest } from './judgedTest.ts';
import type { CannotJudge } from './judgedTest.ts';
import { openTestCollection } from './testDocuments.ts';
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

/**
 * The conformance suite that every adapter of the Database port passes. Each test opens its own database.
 * `cannotJudge`: tests that the server behind the adapter cannot judge.
 */
export function describeCollectionConformance(name: string, openDatabase: () => Promise<OpenedDatabase>, cannotJudge: CannotJudge = {}): void {
  const it = judgedTest(cannotJudge);
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

    describe('a document that is too large', () => {
      const text = 'x'.repeat(9 * 1024 * 1024);
      const isRefused = { code: 'request.tooLarge' };

      it('is refused when it is inserted or replaces another', async () => {
        await expect(collection.insertOne({ _id: 'a', course: 'c', note: text + text })).rejects.toMatchObject(isRefused);
        await expect(collection.insertMany([{ _id: 'b', course: 'c' }, { _id: 'a', course: 'c', note: text + text }])).rejects.toMatchObject(isRefused);
        await collection.replaceOne({ _id: 'c' }, { course: 'c' }, { upsert: true });
        await expect(collection.replaceOne({ _id: 'c' }, { course: 'x', note: text + text })).rejects.toMatchObject(isRefused);
        expect(await collection.findOne({ _id: 'a' })).toBeNull();
        expect(await collection.findOne({ _id: 'c' })).toEqual({ _id: 'c', course: 'c' });
      });

      it('is refused when an update makes it so', async () => {
        await collection.insertOne({ _id: 'a', course: 'c', tags: [text] });
        await expect(collection.updateOne({ _id: 'a' }, { $push: { tags: text } })).rejects.toMatchObject(isRefused);
        expect((await collection.findOne({ _id: 'a' }))?.tags).toHaveLength(1);
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

    describeFindConformance(it, () => collection);
    describeUpdateConformance(it, () => collection);

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
