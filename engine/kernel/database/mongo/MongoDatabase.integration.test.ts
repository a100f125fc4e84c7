import { describe, it } from 'vitest';
import { describeCollectionConformance } from '../testing/collectionConformance.ts';
import { mongoServers, urlOfNewDatabase } from '../testing/mongoServers.ts';
import { dropMongoDatabase, openMongoTestDatabase } from '../testing/mongoTestDatabase.ts';

for (const { name, url, setting, cannotJudge } of mongoServers) {
  if (url === undefined) {
    process.stderr.write(`\nNOT TESTED: MongoDB on ${name}. Set ${setting} (see .ci/mongodb-server).\n`);
    describe(name, () => it.skip(`NOT TESTED: ${setting} is not set`));
    continue;
  }
  const openDatabase = async () => {
    const ofTest = urlOfNewDatabase(url);
    let database = await openMongoTestDatabase(ofTest);
    return {
      database,
      reopen: async () => {
        await database.close();
        return (database = await openMongoTestDatabase(ofTest));
      },
      cleanup: async () => {
        await database.close();
        await dropMongoDatabase(ofTest);
      },
    };
  };
  describeCollectionConformance(`MongoDB's protocol on ${name}`, openDatabase, cannotJudge);
}
