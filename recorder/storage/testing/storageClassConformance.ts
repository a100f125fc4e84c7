import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '#engine/testing';
import type { ObjectStore } from '../ObjectStore.ts';
import { codeOf, sha256 } from './objectStoreConformance.ts';

export interface StorageClassSuite {
  open: () => Promise<ObjectStore>;
  /** A size that the store copies in parts. */
  largeBytes: number;
  /** False for a server whose archive is read at once: what has to be restored is not judged. */
  hasToRestore: boolean;
  /** Lets a requested restore finish. */
  finishRestores?: () => void | Promise<void>;
}

const contentType = 'video/mp4';

/** How every object store moves objects between storage classes and restores them. */
export function storageClassConformance(name: string, { open, largeBytes, hasToRestore, finishRestores }: StorageClassSuite): void {
  describe(`${name} as a store with classes`, () => {
    let store: ObjectStore;
    let nextId = 0;
    const prefix = `recordings/rec_classes${process.pid}/`;
    const bytes = randomBytes(3000);
    beforeAll(async () => {
      store = await open();
    });
    afterAll(async () => {
      await store.deletePrefix('recordings/');
      await store.close();
    });
    const stored = async (content: Uint8Array = bytes) => {
      const key = `${prefix}${(nextId += 1)}/000001.m4s`;
      await store.put(key, { bytes: content }, { contentType, sha256: sha256(content) });
      return key;
    };
    const read = async (key: string) => buffer((await store.get(key, { sha256: sha256(bytes) })).body);

    it('stores objects in the standard class', async () => {
      const key = await stored();
      expect(await store.head(key)).toMatchObject({ storageClass: 'standard', restore: 'none' });
      const [listed] = (await store.list(key)).objects;
      expect(listed).toMatchObject({ key, bytes: 3000, storageClass: 'standard' });
      expect(listed?.modifiedAtMs).toBeGreaterThan(0);
    });

    it('moves an object to the class for infrequent access and back, with its content, type and hash', async () => {
      const key = await stored();
      const before = await store.head(key);
      for (const storageClass of ['infrequent', 'infrequent', 'standard'] as const) {
        await store.setClass(key, storageClass);
        expect(await store.head(key)).toMatchObject({ storageClass, bytes: 3000, contentType, sha256: before.sha256, restore: 'none' });
        expect((await store.list(key)).objects).toMatchObject([{ key, storageClass }]);
        expect((await read(key)).equals(bytes)).toBe(true);
      }
    });

    it('moves a large object', async () => {
      const folder = await mkdtemp(path.join(tmpdir(), 'lectern-classes-'));
      const large = randomBytes(largeBytes);
      const [key, file] = [`${prefix}large.mp4`, path.join(folder, 'large.mp4')];
      await writeFile(file, large);
      await store.put(key, { file }, { contentType, sha256: sha256(large) });
      await rm(folder, { recursive: true });
      const { sha256: kept } = await store.head(key);
      await store.setClass(key, 'infrequent');
      expect(await store.head(key)).toMatchObject({ storageClass: 'infrequent', bytes: largeBytes, contentType, sha256: kept });
      expect(sha256(await buffer((await store.get(key)).body))).toBe(sha256(large));
      await store.delete(key);
    });

    it('says that a missing object is missing', async () => {
      const key = `${prefix}missing.m4s`;
      expect(await codeOf(store.setClass(key, 'infrequent'))).toBe('object.notFound');
      expect(await codeOf(store.restore(key, 1))).toBe('object.notFound');
    });

    it('needs no restore outside the archive', async () => {
      const key = await stored();
      expect(await store.restore(key, 1)).toBe('restored');
      expect(await store.head(key)).toMatchObject({ storageClass: 'standard', restore: 'none' });
    });

    it('stores an object again in the standard class, also over an archived one and after its deletion', async () => {
      const key = await stored();
      await store.setClass(key, 'archive');
      expect(await store.head(key)).toMatchObject({ storageClass: 'archive' });
      await store.put(key, { bytes }, { contentType, sha256: sha256(bytes) });
      expect(await store.head(key)).toMatchObject({ storageClass: 'standard' });
      await store.setClass(key, 'archive');
      await store.delete(key);
      await store.put(key, { bytes }, { contentType, sha256: sha256(bytes) });
      expect(await store.head(key)).toMatchObject({ storageClass: 'standard' });
      await store.setClass(key, 'archive');
      await store.deletePrefix(prefix);
      await store.put(key, { bytes }, { contentType, sha256: sha256(bytes) });
      expect((await read(key)).equals(bytes)).toBe(true);
    });

    it('moves an archived object back to the standard class, after a restore where one is needed', async () => {
      const key = await stored();
      await store.setClass(key, 'archive');
      const state = await store.restore(key, 2);
      if (hasToRestore) expect(['requested', 'restored']).toContain(state);
      else expect(state).toBe('restored');
      await finishRestores?.();
      if (hasToRestore) await until('the restored object', async () => (await store.head(key)).restore === 'restored');
      expect(await store.restore(key, 2)).toBe('restored');
      expect((await read(key)).equals(bytes)).toBe(true);
      await store.setClass(key, 'standard');
      expect(await store.head(key)).toMatchObject({ storageClass: 'standard', restore: 'none' });
      expect((await read(key)).equals(bytes)).toBe(true);
    });

    it.runIf(hasToRestore)('refuses to read or move an archived object before it is restored', async () => {
      const key = await stored();
      await store.setClass(key, 'archive');
      expect(await store.head(key)).toMatchObject({ storageClass: 'archive', restore: 'none', bytes: 3000 });
      expect((await store.list(key)).objects).toMatchObject([{ storageClass: 'archive' }]);
      expect(await codeOf(store.get(key))).toBe('object.archived');
      expect(await codeOf(store.get(key, { range: { first: 0, last: 9 } }))).toBe('object.archived');
      for (const storageClass of ['standard', 'infrequent'] as const) expect(await codeOf(store.setClass(key, storageClass))).toBe('object.archived');
      await store.setClass(key, 'archive');
    });
  });
}
