import { MongoClient } from 'mongodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { silentLogger } from '../../../testing/index.ts';
import type { TestDocument } from '../testing/testDocuments.ts';
import { mongoServers, urlOfNewDatabase } from '../testing/mongoServers.ts';
import { dropMongoDatabase, openMongoTestDatabase } from '../testing/mongoTestDatabase.ts';
import { createIndexes } from './createIndexes.ts';
import { openMongoDatabase } from './MongoDatabase.ts';

for (const { name, url: server, setting } of mongoServers) {
  describe(`Indexes on ${name}`, () => {
    if (server === undefined) return it.skip(`NOT TESTED: ${setting} is not set`);

    async function openDriver() {
      const url = urlOfNewDatabase(server ?? '');
      const client = await MongoClient.connect(url);
      onTestFinished(async () => {
        await client.close();
        await dropMongoDatabase(url);
      });
      const documents = client.db().collection<{ _id: string; [field: string]: unknown }>('documents');
      const indexes = async () => (await documents.listIndexes().toArray()).map(({ name: index, unique }) => `${index}${unique ? ' unique' : ''}`).sort();
      return { url, documents, indexes };
    }

    it('are created when they are missing, replaced when they are declared otherwise, and kept when another version declares them', async () => {
      const { documents, indexes } = await openDriver();
      await createIndexes(documents, { name: 'documents', indexes: [{ keys: { course: 1, position: -1 } }, { keys: { code: 1 } }] });
      expect(await indexes()).toEqual(['_id_', 'code_1', 'course_1_position_-1']);
      await createIndexes(documents, { name: 'documents', indexes: [{ keys: { code: 1 }, unique: true }] });
      expect(await indexes()).toEqual(['_id_', 'code_1 unique', 'course_1_position_-1']);
    });

    it('are replaced by several processes that start at the same time', async () => {
      const { documents, indexes } = await openDriver();
      await createIndexes(documents, { name: 'documents', indexes: [{ keys: { code: 1 } }] });
      const starts = Array.from({ length: 5 }, () => createIndexes(documents, { name: 'documents', indexes: [{ keys: { code: 1 }, unique: true }] }));
      await Promise.all(starts);
      expect(await indexes()).toEqual(['_id_', 'code_1 unique']);
    });

    it('are not created twice', async () => {
      const { url, documents, indexes } = await openDriver();
      const declaration = { name: 'documents', indexes: [{ keys: { code: 1 }, unique: true }] } as const;
      await createIndexes(documents, declaration);
      const commands: string[] = [];
      await using client = new MongoClient(url, { monitorCommands: true });
      client.on('commandStarted', ({ commandName }) => commands.push(commandName));
      await createIndexes(client.db().collection('documents'), declaration);
      expect(commands).toEqual(['listIndexes']);
      expect(await indexes()).toEqual(['_id_', 'code_1 unique']);
    });

    it('that stored documents violate are reported, and fail the writes of their collection', async () => {
      const { url, documents } = await openDriver();
      await documents.insertMany([{ _id: 'a', code: 'x' }, { _id: 'b', code: 'x' }]);
      const logged: unknown[] = [];
      const logger = { ...silentLogger, error: (_: unknown, event?: string) => void logged.push(event), child: () => silentLogger };
      const database = await openMongoDatabase({ url, poolSize: 5, timeoutMs: 30_000, logger });
      onTestFinished(() => database.close());
      const collection = database.collection<TestDocument>({ name: 'documents', indexes: [{ keys: { code: 1 }, unique: true }] });
      // FerretDB reports an internal error.
      const violation = /same key in code_1|UNIQUE constraint failed/;
      await expect(database.ready()).rejects.toThrow(violation);
      await expect(collection.insertOne({ _id: 'c', course: 'c', code: 'y' })).rejects.toThrow(violation);
      expect(await collection.countDocuments({ code: 'x' })).toBe(2);
      expect(logged).toEqual(['database.indexFailed']);
    });

    it('of one collection belong to one database each', async () => {
      const [first, second] = [urlOfNewDatabase(server), urlOfNewDatabase(server)];
      for (const url of [first, second]) {
        const database = await openMongoTestDatabase(url);
        const collection = database.collection<TestDocument>({ name: 'documents', indexes: [{ keys: { code: 1 }, unique: true }] });
        await collection.insertOne({ _id: 'a', course: 'c', code: 'x' });
        await database.close();
        onTestFinished(() => dropMongoDatabase(url));
      }
    });
  });
}
