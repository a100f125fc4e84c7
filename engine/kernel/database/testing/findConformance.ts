import * as fc from 'fast-check';
import { Query } from 'mingo';
import { beforeEach, describe, expect } from 'vitest';
import type { Collection, Filter } from '../index.ts';
import { anyDocument, anyFilter, everyDocument } from './testDocuments.ts';
import type { TestDocument } from './testDocuments.ts';
import type { JudgedTest } from './judgedTest.ts';

const ids = (documents: readonly { _id: string }[]): string[] => documents.map(({ _id }) => _id);

/** The part of the conformance suite for filters, sorts and reads. */
export function describeFindConformance(it: JudgedTest, getCollection: () => Collection<TestDocument>): void {
  describe('find', () => {
    let collection: Collection<TestDocument>;
    beforeEach(async () => {
      collection = getCollection();
      await collection.insertMany([
        { _id: 'a', course: 'maths', position: 2, tags: ['x', 'y'], isPublic: true, note: 10 },
        { _id: 'b', course: 'maths', position: 10, teacher: { name: 'Ann', email: 'ann@x' }, isPublic: false, note: '9' },
        { _id: 'c', course: 'art', position: null, parts: [{ title: 'one', seconds: 5 }, { title: 'two', seconds: 50 }] },
        { _id: 'd', course: 'art', tags: ['y'], teacher: { email: 'bob@x' }, note: null },
      ]);
    });
    const found = async (filter: Filter<TestDocument>) => ids(await collection.find({ $and: [filter, everyDocument] }, { sort: { _id: 1 } }));

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
      const sorted = await collection.find(everyDocument, { sort: { position: 1, _id: -1 } });
      expect(ids(sorted)).toEqual(['d', 'c', 'a', 'b']);
      expect(ids(await collection.find({}, { sort: { course: 1, position: -1 }, skip: 2, limit: 1 }))).toEqual(['b']);
      expect(ids(await collection.find({ ...everyDocument, tags: 'y' }, { sort: { _id: 1 }, skip: 1, limit: 5 }))).toEqual(['d']);
      expect(ids(await collection.find({ course: 'art' }, { sort: { _id: -1 }, limit: 0 }))).toEqual(['d', 'c']);
    });

    it('sorts by a field without an index, numbers before strings', async () => {
      expect(ids(await collection.find(everyDocument, { sort: { note: 1, _id: 1 } }))).toEqual(['c', 'd', 'a', 'b']);
      expect(ids(await collection.find(everyDocument, { sort: { note: -1, _id: 1 } }))).toEqual(['b', 'a', 'c', 'd']);
      expect(ids(await collection.find({ ...everyDocument, tags: 'y' }, { sort: { tags: 1 }, limit: 1 }))).toEqual(['a']);
    });

    it('sorts strings by code point, with and without an index', async () => {
      await collection.deleteMany({});
      const strings = ['\u{1f600}', '\uff21', 'z'];
      await collection.insertMany(strings.map((text, i) => ({ _id: `${i}`, course: text, note: text })));
      expect(ids(await collection.find({}, { sort: { course: 1 } }))).toEqual(['2', '1', '0']);
      expect(ids(await collection.find(everyDocument, { sort: { note: 1 } }))).toEqual(['2', '1', '0']);
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
      for await (const { _id } of collection.iterate({ ...everyDocument, course: { $exists: true } }, { sort: { _id: -1 }, skip: 1, limit: 2 })) collected.push(_id);
      for await (const { _id } of collection.iterate({ ...everyDocument, tags: 'y' }, { sort: { note: -1 } })) collected.push(_id);
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
      expect(await collection.countDocuments({ ...everyDocument, note: 299 })).toBe(1);
    });
  });

  describe('a random filter', () => {
    let collection: Collection<TestDocument>;
    beforeEach(() => {
      collection = getCollection();
    });
    it('matches the same documents as mingo', async () => {
      const property = fc.asyncProperty(fc.array(anyDocument, { maxLength: 20 }), anyFilter, async (generated, filter) => {
        await collection.deleteMany({});
        const documents = generated.map((document, i) => ({ ...document, _id: `${i}` }));
        await collection.insertMany(documents);
        const query = new Query(filter, {});
        const expected = ids(documents.filter((document) => query.test(document))).sort();
        expect(ids(await collection.find({ $and: [filter as Filter<TestDocument>, everyDocument] })).sort()).toEqual(expected);
      });
      await fc.assert(property, { numRuns: 200 });
    });
  });

  describe('a filter that no index serves', () => {
    it('is refused by every method', async () => {
      const collection = getCollection();
      await collection.insertOne({ _id: 'a', course: 'c', note: 1 });
      const update = { $set: { note: 2 } } as const;
      const calls = [
        () => collection.findOne({ note: 1 }),
        () => collection.find({ note: 1 }),
        () => Array.fromAsync(collection.iterate({ note: 1 })),
        () => collection.countDocuments({ note: 1 }),
        () => collection.updateOne({ note: 1 }, update),
        () => collection.updateMany({ note: 1 }, update),
        () => collection.findOneAndUpdate({ note: 1 }, update),
        () => collection.replaceOne({ note: 1 }, { course: 'x' }),
        () => collection.deleteOne({ note: 1 }),
        () => collection.deleteMany({ note: 1 }),
        () => collection.find({}, { sort: { note: 1 }, limit: 1 }),
      ];
      for (const call of calls) await expect(call()).rejects.toThrow(/^documents: no declared index /);
      expect(await collection.findOne({ _id: 'a' })).toEqual({ _id: 'a', course: 'c', note: 1 });
    });
  });
}
