import { randomBytes } from 'node:crypto';
import type { CannotJudge } from './judgedTest.ts';

/** A server that speaks MongoDB's protocol, for tests. */
export interface MongoServer {
  name: string;
  /** Undefined when there is none. */
  url: string | undefined;
  /** Name of the setting with its URL. */
  setting: string;
  cannotJudge: CannotJudge;
}

/** Neither server does this: what MongoDB says of it is believed. */
const notAtomic = 'it reads and writes in two steps, so that concurrent writes of one document are lost';
const noSizeLimit = 'it has no limit for the size of a document that an update makes';

/** The servers that tests can use. MongoDB itself can stand in for either; it needs no list. */
export const mongoServers: readonly MongoServer[] = [
  {
    name: 'FerretDB',
    url: process.env['LECTERN_TEST_FERRETDB_URL'],
    setting: 'LECTERN_TEST_FERRETDB_URL',
    cannotJudge: {
      'is refused when an update makes it so': noSizeLimit,
      'name the violated index, for an insert, an update and a replacement': 'its errors name no index',
      'treat a missing field as null when not sparse': 'its unique indexes leave out documents without the field',
      'applies $push, $pull and $addToSet': 'it compares the conditions of $pull with the element',
      'inserts one document for many concurrent upserts of one key': notAtomic,
      'returns a different number to each of many concurrent increments': notAtomic,
      'lets one of many concurrent updates claim a document': notAtomic,
    },
  },
  {
    name: 'mongo-java-server',
    url: process.env['LECTERN_TEST_MONGO_JAVA_URL'],
    setting: 'LECTERN_TEST_MONGO_JAVA_URL',
    cannotJudge: {
      'is refused when an update makes it so': noSizeLimit,
      'sorts strings by code point, with and without an index': 'it compares strings by UTF-16 code unit',
      'returns a different number to each of many concurrent increments': notAtomic,
    },
  },
];

/** Tests that neither server judges. */
export const unjudged: readonly string[] = ['is refused when an update makes it so', 'returns a different number to each of many concurrent increments'];

/** The same server, with a database of its own. */
export function urlOfNewDatabase(url: string): string {
  const { host, search } = new URL(url);
  return `mongodb://${host}/lectern_${randomBytes(6).toString('hex')}${search}`;
}
