import { MongoServerError } from 'mongodb';
import type { Collection, IndexDescriptionInfo } from 'mongodb';
import { declaredIndexes } from '../query/declaration.ts';
import type { CollectionDeclaration, DeclaredIndex } from '../query/declaration.ts';
import type { MongoDocument } from './mongoQuery.ts';

const NAMESPACE_NOT_FOUND = 26;
const INDEX_NOT_FOUND = 27;

async function storedIndexes(collection: Collection<MongoDocument>): Promise<IndexDescriptionInfo[]> {
  try {
    return (await collection.listIndexes().toArray()) as IndexDescriptionInfo[];
  } catch (error) {
    if (error instanceof MongoServerError && error.code === NAMESPACE_NOT_FOUND) return [];
    throw error;
  }
}

/** Another process of the site may start at the same time, and have dropped it. */
async function dropIndex(collection: Collection<MongoDocument>, name: string): Promise<void> {
  try {
    await collection.dropIndex(name);
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== INDEX_NOT_FOUND) throw error;
  }
}

function isSame(stored: IndexDescriptionInfo, { keys, isUnique, isSparse }: DeclaredIndex): boolean {
  const hasKeys = JSON.stringify(Object.entries(stored.key)) === JSON.stringify(keys);
  return hasKeys && (stored.unique ?? false) === isUnique && (stored.sparse ?? false) === isSparse;
}

/**
 * Creates the declared indexes that are missing. One that was declared otherwise is replaced; others stay, as another version of
 * Lectern on the same database may declare them.
 */
export async function createIndexes(collection: Collection<MongoDocument>, declaration: CollectionDeclaration): Promise<void> {
  const stored = new Map((await storedIndexes(collection)).map((index) => [index.name, index]));
  const missing = declaredIndexes(declaration).filter((index) => {
    const known = stored.get(index.name);
    return known === undefined || !isSame(known, index);
  });
  for (const { name } of missing) if (stored.has(name)) await dropIndex(collection, name);
  if (missing.length === 0) return;
  await collection.createIndexes(
    missing.map(({ name, keys, isUnique, isSparse }) => ({
      name,
      key: new Map(keys),
      ...(isUnique && { unique: true }),
      ...(isSparse && { sparse: true }),
    })),
  );
}
