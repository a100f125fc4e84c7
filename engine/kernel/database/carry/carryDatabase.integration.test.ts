import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../testing/ManualClock.ts';
import type { Database } from '../index.ts';
import { openSqliteDatabase } from '../index.ts';
import { mongoServers, urlOfNewDatabase } from '../testing/mongoServers.ts';
import { dropMongoDatabase, openMongoTestDatabase } from '../testing/mongoTestDatabase.ts';
import { openTestCollection } from '../testing/testDocuments.ts';
import type { TestDocument } from '../testing/testDocuments.ts';
import { carryDatabase } from './carryDatabase.ts';
import type { CarryOptions } from './carryDatabase.ts';
import { CarrySource } from './CarrySource.ts';
import { CarryTarget } from './CarryTarget.ts';

const count = 2345;
const documentOf = (i: number): TestDocument => ({ _id: `d-${i}`, course: `c-${i % 7}`, position: i, note: i % 3 === 0 ? null : 2 ** 40 + i, teacher: { name: 'Zoë 𝒳' }, tags: ['x', `${i}`] });
const openProgress = (database: Database) => database.collection<{ _id: string; seconds: number }>({ name: 'progress', indexes: [] });

for (const { name, url: server, setting } of mongoServers) {
  describe(`An embedded database that is carried to ${name}`, () => {
    if (server === undefined) return it.skip(`NOT TESTED: ${setting} is not set`);
    let folder: string;
    let path: string;
    let url: string;
    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), 'lectern-carry-'));
      path = join(folder, 'lectern.db');
      url = urlOfNewDatabase(server);
      await change(async (database) => {
        await openTestCollection(database).insertMany(Array.from({ length: count }, (_, i) => documentOf(i)));
        await openProgress(database).insertMany([{ _id: 'p', seconds: 1.5 }]);
      });
    });
    afterEach(async () => {
      await dropMongoDatabase(url);
      rmSync(folder, { recursive: true });
    });

    async function change(task: (database: Database) => Promise<unknown>): Promise<void> {
      const database = await openSqliteDatabase({ path });
      await task(database);
      await database.close();
    }

    async function carry(options: Partial<CarryOptions> = {}) {
      await using parts = new AsyncDisposableStack();
      const source = parts.adopt(new CarrySource(path), (part) => part.close());
      const target = parts.adopt(new CarryTarget({ url, poolSize: 5, timeoutMs: 30_000 }), (part) => part.close());
      return await carryDatabase({ source, target, clock: new ManualClock(), onProgress: () => undefined, ...options });
    }

    async function stored<R>(read: (database: Database) => Promise<R>): Promise<R> {
      const database = await openMongoTestDatabase(url);
      try {
        return await read(database);
      } finally {
        await database.close();
      }
    }

    it('is there as a whole, with progress', async () => {
      const steps: string[] = [];
      const report = await carry({ onProgress: ({ step, collection, done, total }) => steps.push(`${step} ${collection} ${done}/${total}`) });
      expect(report).toEqual({ collections: { documents: count, progress: 1 }, copied: count + 1, differences: [] });
      expect(steps.slice(0, 2)).toEqual([`copying documents 500/${count}`, `copying documents 1000/${count}`]);
      expect(steps.at(-1)).toBe('comparing progress 1/1');
      await stored(async (database) => {
        const documents = openTestCollection(database);
        expect(await documents.countDocuments({})).toBe(count);
        expect(await documents.findOne({ _id: 'd-1234' })).toEqual(documentOf(1234));
        expect(await openProgress(database).findOne({ _id: 'p' })).toEqual({ _id: 'p', seconds: 1.5 });
      });
    });

    it('is completed after an interruption, with what has changed in between', async () => {
      const interrupt = ({ done }: { done: number }) => {
        if (done === 1000) throw new Error('interrupted');
      };
      await expect(carry({ onProgress: interrupt })).rejects.toThrow('interrupted');
      await change(async (database) => {
        const documents = openTestCollection(database);
        const [first] = await documents.find({}, { sort: { _id: 1 }, limit: 1 });
        await documents.deleteOne({ _id: first?._id ?? '' });
        await documents.updateOne({ _id: 'd-100' }, { $set: { note: 'changed' } });
      });
      const report = await carry();
      expect(report.differences).toEqual([]);
      expect(report.copied).toBe(count - 1000 + 1 + 1);
      await stored(async (database) => {
        expect(await openTestCollection(database).countDocuments({})).toBe(count - 1);
        expect(await openTestCollection(database).findOne({ _id: 'd-100' })).toMatchObject({ note: 'changed' });
      });
    });

    it('is not carried over what has changed in MongoDB since, except on request', async () => {
      await carry();
      await stored((database) => openTestCollection(database).updateOne({ _id: 'd-1' }, { $set: { note: 'newer' } }));
      await expect(carry()).rejects.toThrow(/was carried completely at .*--again/);
      expect(await stored((database) => openTestCollection(database).findOne({ _id: 'd-1' }))).toMatchObject({ note: 'newer' });
      expect(await carry({ isRepeated: true })).toMatchObject({ copied: 1, differences: [] });
    });

    it('is refused where documents of another database are', async () => {
      await stored((database) => openTestCollection(database).insertOne({ _id: 'other', course: 'c' }));
      await expect(carry()).rejects.toThrow('already has documents in documents');
      await stored((database) => openTestCollection(database).deleteOne({ _id: 'other' }));
      await carry();
      rmSync(path);
      await change((database) => openTestCollection(database).insertOne({ _id: 'x', course: 'c' }));
      await expect(carry()).rejects.toThrow('holds another Lectern');
    });
  });
}
