import { beforeEach, describe, expect } from 'vitest';
import type { Collection } from '../index.ts';
import type { JudgedTest } from './judgedTest.ts';
import { everyDocument } from './testDocuments.ts';
import type { TestDocument } from './testDocuments.ts';

/** The part of the conformance suite for updates, replacements and deletions. */
export function describeUpdateConformance(it: JudgedTest, getCollection: () => Collection<TestDocument>): void {
  describe('update', () => {
    let collection: Collection<TestDocument>;
    beforeEach(async () => {
      collection = getCollection();
      await collection.insertMany([
        { _id: 'a', course: 'maths', position: 1, tags: ['x', 'y'], teacher: { name: 'Ann' } },
        { _id: 'b', course: 'maths', position: 2 },
        { _id: 'c', course: 'art', note: 'n' },
      ]);
    });
    const noUpsert = { acknowledged: true, upsertedCount: 0, upsertedId: null };

    it('sets fields, also of nested objects, and unsets fields', async () => {
      const result = await collection.updateOne({ _id: 'a' }, { $set: { 'teacher.email': 'ann@x', isPublic: true }, $unset: { tags: '' } });
      expect(result).toEqual({ ...noUpsert, matchedCount: 1, modifiedCount: 1 });
      expect(await collection.findOne({ 'teacher.email': 'ann@x' })).toEqual({
        _id: 'a',
        course: 'maths',
        position: 1,
        isPublic: true,
        teacher: { name: 'Ann', email: 'ann@x' },
      });
      expect(await collection.countDocuments({ isPublic: true })).toBe(1);
    });

    it('counts matched and modified documents separately', async () => {
      const same = await collection.updateOne({ _id: 'a' }, { $set: { course: 'maths' } });
      expect(same).toEqual({ ...noUpsert, matchedCount: 1, modifiedCount: 0 });
      expect(await collection.updateOne({ _id: 'z' }, { $set: { course: 'x' } })).toEqual({ ...noUpsert, matchedCount: 0, modifiedCount: 0 });
      expect(await collection.updateMany({}, { $set: { course: 'maths' } })).toEqual({ ...noUpsert, matchedCount: 3, modifiedCount: 1 });
    });

    it('updates every match once when the update changes the indexed field of the filter', async () => {
      const result = await collection.updateMany({ course: 'maths', position: { $gte: 1 } }, { $inc: { position: 5 } });
      expect(result.modifiedCount).toBe(2);
      expect((await collection.find({ course: 'maths' }, { sort: { position: 1 } })).map(({ position }) => position)).toEqual([6, 7]);
    });

    it('applies $inc, $max and $min', async () => {
      await collection.updateOne({ _id: 'c' }, { $inc: { position: 3 } });
      await collection.updateOne({ _id: 'c' }, { $max: { position: 2 } });
      expect((await collection.findOne({ _id: 'c' }))?.position).toBe(3);
      await collection.updateOne({ _id: 'c' }, { $min: { position: 2 } });
      expect((await collection.findOne({ _id: 'c' }))?.position).toBe(2);
    });

    it('applies $push, $pull and $addToSet', async () => {
      await collection.updateOne({ _id: 'a' }, { $push: { tags: 'y', parts: { title: 'one', seconds: 1 } } });
      await collection.updateOne({ _id: 'a' }, { $push: { parts: { $each: [{ title: 'two', seconds: 2 }, { title: 'three', seconds: 3 }] } } });
      await collection.updateOne({ _id: 'a' }, { $addToSet: { tags: { $each: ['x', 'z'] } }, $pull: { parts: { seconds: { $gte: 2 } } } });
      const after = await collection.findOne({ _id: 'a' });
      expect(after?.tags).toEqual(['x', 'y', 'y', 'z']);
      expect(after?.parts).toEqual([{ title: 'one', seconds: 1 }]);
      await collection.updateOne({ _id: 'a' }, { $pull: { tags: 'y' } });
      expect(await collection.countDocuments({ ...everyDocument, tags: 'y' })).toBe(0);
      await collection.updateOne({ _id: 'b' }, { $addToSet: { tags: 'new', parts: { title: 'one', seconds: 1 } } });
      const again = await collection.updateOne({ _id: 'b' }, { $addToSet: { tags: 'new', parts: { title: 'one', seconds: 1 } } });
      expect(again).toMatchObject({ matchedCount: 1, modifiedCount: 0 });
      expect(await collection.findOne({ _id: 'b' })).toMatchObject({ tags: ['new'], parts: [{ title: 'one', seconds: 1 }] });
    });

    it('rejects and changes nothing when the update does not fit the document', async () => {
      const before = await collection.find({}, { sort: { _id: 1 } });
      // @ts-expect-error a string cannot be incremented
      await expect(collection.updateOne({ _id: 'c' }, { $inc: { course: 1 } })).rejects.toThrow();
      await collection.updateOne({ _id: 'c' }, { $set: { note: 'n' } });
      // @ts-expect-error a path through a string
      await expect(collection.updateOne({ _id: 'c' }, { $set: { 'note.deep': 1 } })).rejects.toThrow();
      // @ts-expect-error not an array
      await expect(collection.updateOne({ _id: 'c' }, { $push: { note: 1 } })).rejects.toThrow();
      // @ts-expect-error _id cannot change
      await expect(collection.updateOne({ _id: 'c' }, { $set: { _id: 'd' } })).rejects.toThrow();
      const conflict = { $set: { teacher: { name: 'B' }, 'teacher.name': 'C' } };
      await expect(collection.updateOne({ _id: 'c' }, conflict)).rejects.toThrow();
      // @ts-expect-error no operator
      await expect(collection.updateOne({ _id: 'c' }, { course: 'x' })).rejects.toThrow();
      expect(await collection.find({}, { sort: { _id: 1 } })).toEqual(before);
    });

    it('upserts the values that the filter requires and those of the update', async () => {
      const update = { $set: { position: 7 }, $setOnInsert: { 'teacher.name': 'New' } };
      const filter = { _id: 'n', course: 'new', 'teacher.email': { $eq: 'new@x' }, position: { $gt: 100 } };
      const inserted = await collection.updateOne(filter, update, { upsert: true });
      expect(inserted).toEqual({ acknowledged: true, matchedCount: 0, modifiedCount: 0, upsertedCount: 1, upsertedId: 'n' });
      const stored = { _id: 'n', course: 'new', position: 7, teacher: { name: 'New', email: 'new@x' } };
      expect(await collection.findOne({ _id: 'n' })).toEqual(stored);
      await collection.updateOne({ _id: 'n' }, { $set: { position: 8 }, $setOnInsert: { 'teacher.name': 'Other' } }, { upsert: true });
      expect(await collection.findOne({ _id: 'n' })).toEqual({ ...stored, position: 8 });
    });

    it('takes the _id of an upsert from $setOnInsert', async () => {
      const result = await collection.updateOne({ course: 'new' }, { $inc: { position: 1 }, $setOnInsert: { _id: 'n' } }, { upsert: true });
      expect(result.upsertedId).toBe('n');
      expect(await collection.findOne({ course: 'new' })).toEqual({ _id: 'n', course: 'new', position: 1 });
    });

    it('rejects an upsert that has no _id, also when a document matches', async () => {
      await expect(collection.updateOne({ course: 'new' }, { $set: { position: 1 } }, { upsert: true })).rejects.toThrow(TypeError);
      await expect(collection.replaceOne({ course: 'maths' }, { course: 'x' }, { upsert: true })).rejects.toThrow(TypeError);
      expect(await collection.countDocuments({})).toBe(3);
    });

    it('inserts one document for many concurrent upserts of one key', async () => {
      const upsert = (i: number) => collection.findOneAndUpdate({ code: 'k' }, { $inc: { position: 1 }, $setOnInsert: { _id: `new-${i}`, course: 'c' } }, { upsert: true, returnDocument: 'after' });
      const upserted = await Promise.all(Array.from({ length: 20 }, (_, i) => upsert(i)));
      expect(new Set(upserted.map((document) => document?._id)).size).toBe(1);
      expect((await collection.findOne({ code: 'k' }))?.position).toBe(20);
    });

    it('rejects an array or an object in an indexed field', async () => {
      // @ts-expect-error an array
      await expect(collection.updateOne({ _id: 'a' }, { $set: { course: ['x'] } })).rejects.toThrow('documents.course is indexed');
      // @ts-expect-error an array
      await expect(collection.updateOne({ _id: 'a' }, { $set: { teacher: [{ email: 'x' }] } })).rejects.toThrow('documents.teacher.email is indexed');
      expect((await collection.findOne({ _id: 'a' }))?.course).toBe('maths');
    });

    it('finds and updates in one step', async () => {
      const filter = { course: 'maths' };
      const before = await collection.findOneAndUpdate(filter, { $inc: { position: 10 } }, { sort: { position: -1 } });
      expect(before).toMatchObject({ _id: 'b', position: 2 });
      const after = await collection.findOneAndUpdate(filter, { $inc: { position: 10 } }, { sort: { position: 1 }, returnDocument: 'after' });
      expect(after).toMatchObject({ _id: 'a', position: 11 });
      expect(await collection.findOneAndUpdate({ _id: 'z' }, { $set: { note: 1 } })).toBeNull();
      const options = { upsert: true, returnDocument: 'after' } as const;
      expect(await collection.findOneAndUpdate({ _id: 'z', course: 'c' }, { $set: { note: 1 } }, options)).toEqual({ _id: 'z', course: 'c', note: 1 });
      expect(await collection.findOneAndUpdate({ _id: 'y', course: 'c' }, { $set: { note: 1 } }, { upsert: true })).toBeNull();
    });

    it('returns a different number to each of many concurrent increments', async () => {
      const count = async () => collection.findOneAndUpdate({ _id: 'b' }, { $inc: { position: 1 } }, { returnDocument: 'after' });
      const counted = await Promise.all(Array.from({ length: 100 }, count));
      expect(new Set(counted.map((document) => document?.position)).size).toBe(100);
      expect((await collection.findOne({ _id: 'b' }))?.position).toBe(102);
    });

    it('lets one of many concurrent updates claim a document', async () => {
      const claim = (worker: number) => collection.updateOne({ _id: 'c', position: null }, { $set: { position: worker } });
      const results = await Promise.all(Array.from({ length: 20 }, (_, i) => claim(i)));
      expect(results.filter(({ modifiedCount }) => modifiedCount === 1)).toHaveLength(1);
    });

    it('replaces a document and keeps its _id', async () => {
      expect(await collection.replaceOne({ _id: 'a' }, { course: 'physics' })).toEqual({ ...noUpsert, matchedCount: 1, modifiedCount: 1 });
      expect(await collection.findOne({ _id: 'a' })).toEqual({ _id: 'a', course: 'physics' });
      expect((await collection.replaceOne({ _id: 'z' }, { course: 'x' })).matchedCount).toBe(0);
      expect((await collection.replaceOne({ _id: 'z' }, { course: 'x' }, { upsert: true })).upsertedId).toBe('z');
      expect(await collection.findOne({ _id: 'z' })).toEqual({ _id: 'z', course: 'x' });
    });

    it('deletes one or all matching documents', async () => {
      expect(await collection.deleteOne({ course: 'maths' })).toEqual({ acknowledged: true, deletedCount: 1 });
      expect(await collection.deleteMany({ course: { $in: ['maths', 'art'] } })).toEqual({ acknowledged: true, deletedCount: 2 });
      expect(await collection.deleteOne({})).toEqual({ acknowledged: true, deletedCount: 0 });
    });
  });
}
