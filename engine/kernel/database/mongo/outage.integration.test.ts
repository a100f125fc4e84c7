import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mongoServers, proxiedMongoDatabase, silentLogger, until } from '../../../testing/index.ts';
import type { Collection, Database } from '../index.ts';
import { openTestCollection } from '../testing/testDocuments.ts';
import type { TestDocument } from '../testing/testDocuments.ts';
import { openMongoDatabase } from './MongoDatabase.ts';

/** Short, so that calls fail during the outage. */
const timeoutMs = 500;

for (const { name, url: server, setting } of mongoServers) {
  describe(`An outage of ${name}`, () => {
    if (server === undefined) return it.skip(`NOT TESTED: ${setting} is not set`);
    let proxied: Awaited<ReturnType<typeof proxiedMongoDatabase>>;
    let database: Database;
    let documents: Collection<TestDocument>;
    const logged = vi.fn();
    const logger = { ...silentLogger, info: logged, warn: logged, child: () => silentLogger };
    const events = () => logged.mock.calls.map((call) => String(call.at(-1)));

    beforeEach(async () => {
      logged.mockReset();
      proxied = await proxiedMongoDatabase(server);
      database = await openMongoDatabase({ url: proxied.url, poolSize: 5, timeoutMs, logger });
      documents = openTestCollection(database);
      await database.ready();
    });
    afterEach(async () => {
      await database.close();
      await proxied.close();
    });

    it('loses nothing that was acknowledged, fails calls with a code, and ends by itself', async () => {
      const acknowledged: string[] = [];
      const failures: unknown[] = [];
      let isWriting = true;
      const writers = Array.from({ length: 4 }, async (_, writer) => {
        for (let i = 0; isWriting; i += 1) {
          const _id = `${writer}-${i}`;
          await documents.insertOne({ _id, course: 'c' }).then(
            () => acknowledged.push(_id),
            (error: unknown) => failures.push(error),
          );
        }
      });
      await until('writes', () => acknowledged.length > 20);
      proxied.network.cut();
      await until('failures', () => failures.length > 8);
      proxied.network.mend();
      const before = acknowledged.length;
      await until('writes again', () => acknowledged.length > before + 20);
      isWriting = false;
      await Promise.all(writers);
      for (const failure of failures) expect(failure).toMatchObject({ code: 'database.unavailable', message: 'The database does not answer at the moment. Try again in a moment.' });
      const stored = new Set((await documents.find({ course: 'c' })).map(({ _id }) => _id));
      expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
      expect(events()).toEqual(['database.unavailable', 'database.recovered']);
    });

    it('also fails reads with a code', async () => {
      proxied.network.cut();
      await expect(documents.findOne({ _id: 'a' })).rejects.toMatchObject({ code: 'database.unavailable' });
      await expect(documents.countDocuments({})).rejects.toMatchObject({ code: 'database.unavailable' });
      proxied.network.mend();
      await until('an answer', async () => (await documents.findOne({ _id: 'a' }).catch(() => undefined)) === null);
    });

    it('delays the indexes of a collection, and no document slips in before its unique index', async () => {
      proxied.network.cut();
      const late = database.collection<TestDocument>({ name: 'late', indexes: [{ keys: { code: 1 }, unique: true }] });
      await expect(late.insertOne({ _id: 'a', course: 'c', code: 'x' })).rejects.toMatchObject({ code: 'database.unavailable' });
      proxied.network.mend();
      await database.ready();
      await late.insertOne({ _id: 'a', course: 'c', code: 'x' });
      await expect(late.insertOne({ _id: 'b', course: 'c', code: 'x' })).rejects.toMatchObject({ name: 'DuplicateKeyError', collection: 'late' });
    });

    it('at the start stops it with a sentence that names the server and no password', async () => {
      proxied.network.cut();
      const failure: unknown = await openMongoDatabase({ url: proxied.url.replace('//', '//ada:hunter2@'), poolSize: 5, timeoutMs, logger }).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'database.unavailable' });
      expect(String(failure)).toMatch(new RegExp(`^CodedError: The database at 127.0.0.1:${proxied.network.port} cannot be used: .+ Check LECTERN_DATABASE_URL, and that the server runs\\.$`));
      expect(String(failure)).not.toContain('hunter2');
    });
  });
}
