import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { startTestApi } from '../testing/index.ts';
import { PersonalData } from './PersonalData.ts';
import type { PersonalSource } from './PersonalSource.ts';
import { collectionsWithoutPersonalData } from './sources.ts';

const stations = ['engine', 'ingest', 'recorder', 'signaling', 'api'];

/** The names of collections in the source of the product: also of those that a test does not open. */
async function namesInSource(): Promise<string[]> {
  const names = new Set<string>();
  for (const station of stations) {
    const folder = path.join(import.meta.dirname, '../..', station);
    for (const file of await readdir(folder, { recursive: true })) {
      if (!file.endsWith('.ts') || /\.(test|bench)\.ts$|(^|\/)testing\//.test(file)) continue;
      const source = await readFile(path.join(folder, file), 'utf8');
      for (const [, name = ''] of source.matchAll(/\bname: '([A-Za-z0-9]+)',?\s*indexes\b/g)) names.add(name);
    }
  }
  return [...names];
}

function source(name: string, erased: string[], collections: string[] = []): PersonalSource {
  return {
    name,
    collections,
    rows: async () => [],
    erase: async () => void erased.push(name),
  };
}

describe('personal data', () => {
  it('is declared for every collection, or the collection is listed as without', async () => {
    const site = await startTestApi();
    const declared = new Set([...site.collectionNames(), ...(await namesInSource())]);
    const known = new Set([...site.personal.collections, ...Object.keys(collectionsWithoutPersonalData)]);
    expect([...declared].filter((name) => !known.has(name))).toEqual([]);
    expect(site.personal.collections.filter((name) => name in collectionsWithoutPersonalData)).toEqual([]);
    expect(site.personal.collections.filter((name) => !declared.has(name))).toEqual([]);
  });

  it('is erased from the account last', async () => {
    const erased: string[] = [];
    await new PersonalData([source('account', erased), source('logins', erased), source('chat', erased)]).erase({ userId: 'usr_x', email: '', displayName: '' } as never);
    expect(erased).toEqual(['chat', 'logins', 'account']);
  });

  it('has one source for each name and collection', () => {
    expect(() => new PersonalData([source('account', []), source('account', [])])).toThrow('account');
    expect(() => new PersonalData([source('account', [], ['users']), source('logins', [], ['users'])])).toThrow('users');
  });
});
