import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CodedError } from '#engine/contract';
import type { ObjectStore } from '../ObjectStore.ts';

const contentType = 'video/mp4';

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (err) {
    if (err instanceof CodedError) return err.code;
    throw err;
  }
  return 'no error';
}

/** The behaviour of every object store. `largeBytes` is a size that the store treats as large. */
export function objectStoreConformance(name: string, open: () => Promise<ObjectStore>, { largeBytes }: { largeBytes: number }): void {
  describe(`${name} as an object store`, () => {
    let store: ObjectStore;
    let folder: string;
    let nextId = 0;
    const freshKey = (file = 'main-video/000001.m4s') => `recordings/rec_${process.pid}x${(nextId += 1)}/${file}`;

    beforeAll(async () => {
      store = await open();
      folder = await mkdtemp(path.join(tmpdir(), 'lectern-objects-'));
    });
    afterAll(async () => {
      await store.deletePrefix('recordings/');
      await store.close();
      await rm(folder, { recursive: true, force: true });
    });

    async function putBytes(key: string, bytes: Uint8Array): Promise<void> {
      await store.put(key, { bytes }, { contentType, sha256: sha256(bytes) });
    }
    async function read(key: string): Promise<Buffer> {
      return buffer((await store.get(key)).body);
    }

    it('returns stored bytes, with their size and type', async () => {
      const key = freshKey();
      const bytes = randomBytes(5000);
      await putBytes(key, bytes);
      expect((await read(key)).equals(bytes)).toBe(true);
      const head = await store.head(key);
      expect(head).toMatchObject({ key, bytes: 5000, contentType });
      expect([null, sha256(bytes)]).toContain(head.sha256);
      expect(head.etag).toMatch(/^[^"\s]+$/);
    });

    it('stores a file without changing it', async () => {
      const key = freshKey();
      const bytes = randomBytes(200_000);
      const file = path.join(folder, 'segment.m4s');
      await writeFile(file, bytes);
      await store.put(key, { file }, { contentType, sha256: sha256(bytes) });
      await store.put(key, { file }, { contentType, sha256: sha256(bytes) });
      expect((await read(key)).equals(bytes)).toBe(true);
      expect((await readFile(file)).equals(bytes)).toBe(true);
      await rm(file);
      expect((await read(key)).equals(bytes)).toBe(true);
    });

    it('stores a large file', async () => {
      const key = freshKey();
      const bytes = randomBytes(largeBytes);
      const file = path.join(folder, 'large.mp4');
      await writeFile(file, bytes);
      await store.put(key, { file }, { contentType, sha256: sha256(bytes) });
      const { body, head } = await store.get(key, { sha256: sha256(bytes) });
      expect(head).toMatchObject({ bytes: largeBytes, contentType });
      expect((await buffer(body)).equals(bytes)).toBe(true);
      expect([null, sha256(bytes)]).toContain((await store.head(key)).sha256);
    });

    it('refuses content with another hash, small and large, and keeps the existing object', async () => {
      const key = freshKey();
      await putBytes(key, Buffer.from('before'));
      const wrong = { contentType, sha256: sha256(Buffer.from('other')) };
      expect(await codeOf(store.put(key, { bytes: Buffer.from('after') }, wrong))).toBe('object.corrupt');
      const file = path.join(folder, 'wrong.mp4');
      await writeFile(file, randomBytes(largeBytes));
      expect(await codeOf(store.put(key, { file }, wrong))).toBe('object.corrupt');
      expect((await read(key)).toString()).toBe('before');
    });

    it('throws object.notFound when the file to store does not exist', async () => {
      const file = path.join(folder, 'absent.m4s');
      expect(await codeOf(store.put(freshKey(), { file }, { contentType, sha256: sha256(Buffer.alloc(0)) }))).toBe('object.notFound');
    });

    it('replaces an object, and its etag with it', async () => {
      const key = freshKey();
      await putBytes(key, Buffer.from('one'));
      const before = await store.head(key);
      await putBytes(key, Buffer.from('two, longer'));
      expect((await read(key)).toString()).toBe('two, longer');
      expect((await store.head(key)).etag).not.toBe(before.etag);
    });

    it('stores an empty object', async () => {
      const key = freshKey();
      await putBytes(key, new Uint8Array(0));
      expect((await read(key)).length).toBe(0);
    });

    it('returns a range, both ends included, and truncates one that is too long', async () => {
      const key = freshKey();
      await putBytes(key, Buffer.from('0123456789'));
      const middle = await store.get(key, { range: { first: 2, last: 5 } });
      expect((await buffer(middle.body)).toString()).toBe('2345');
      expect(middle.head.bytes).toBe(10);
      expect((await buffer((await store.get(key, { range: { first: 8, last: 100 } })).body)).toString()).toBe('89');
      expect(await codeOf(store.get(key, { range: { first: 10, last: 12 } }))).toBe('request.invalid');
    });

    it('fails at the end of a body with unexpected content', async () => {
      const key = freshKey();
      await putBytes(key, Buffer.from('actual content'));
      const { body } = await store.get(key, { sha256: sha256(Buffer.from('expected content')) });
      expect(await codeOf(buffer(body))).toBe('object.corrupt');
    });

    it('throws object.notFound for a missing object', async () => {
      const key = freshKey();
      expect(await codeOf(store.get(key))).toBe('object.notFound');
      expect(await codeOf(store.head(key))).toBe('object.notFound');
    });

    it('deletes objects, and succeeds for missing ones', async () => {
      const keys = ['000001.m4s', '000002.m4s', '000003.m4s'].map((file) => freshKey(`main-video/${file}`));
      const [first, second, third] = keys as [string, string, string];
      for (const key of keys) await putBytes(key, Buffer.from(key));
      await store.delete(first);
      await store.delete(first);
      await store.deleteMany([first, second]);
      expect(await codeOf(store.head(first))).toBe('object.notFound');
      expect(await codeOf(store.head(second))).toBe('object.notFound');
      expect((await read(third)).toString()).toBe(third);
      await store.deleteMany([]);
    });

    it('deletes a folder with everything in it, and no folder whose name begins with its name', async () => {
      const prefix = `recordings/rec_${process.pid}p/`;
      const neighbour = `recordings/rec_${process.pid}px/main-video/000001.m4s`;
      for (const file of ['a/1.m4s', 'a/2.m4s', 'b/1.m4s', 'poster.jpg']) await putBytes(prefix + file, Buffer.from(file));
      await putBytes(neighbour, Buffer.from('stays'));
      await store.deletePrefix(prefix);
      expect((await store.list(prefix)).objects).toEqual([]);
      expect((await read(neighbour)).toString()).toBe('stays');
      await store.deletePrefix(prefix);
    });

    it('lists pages in the order of the keys', async () => {
      const prefix = `recordings/rec_${process.pid}l/`;
      const files = ['main-video/000002.m4s', 'main-video.m3u8', 'main-video/000001.m4s', 'main/x.m4s', 'poster.jpg', 'main-audio/000001.m4s'];
      for (const file of files) await putBytes(prefix + file, Buffer.from(file));
      const expected = files.map((file) => ({ key: prefix + file, bytes: file.length })).sort((a, b) => (a.key < b.key ? -1 : 1));
      expect(await store.list(prefix)).toMatchObject({ objects: expected, next: null });
      const paged = [];
      for (let after: string | undefined, page = 0; page < 10; page += 1) {
        const { objects, next } = await store.list(prefix, { after, limit: 2 });
        expect(objects.length).toBeLessThanOrEqual(2);
        paged.push(...objects);
        if (next === null) break;
        after = next;
      }
      expect(paged).toMatchObject(expected);
      expect((await store.list(`${prefix}main-video/0`)).objects.map(({ key }) => key)).toEqual([`${prefix}main-video/000001.m4s`, `${prefix}main-video/000002.m4s`]);
    });

    it('never returns a partial object while it is replaced', async () => {
      const key = freshKey();
      const versions = [Buffer.alloc(300_000, 'a'), Buffer.alloc(300_000, 'b')];
      await putBytes(key, Buffer.alloc(300_000, 'a'));
      const writes = (async () => {
        for (let round = 0; round < 10; round += 1) await putBytes(key, versions[round % 2] ?? Buffer.alloc(0));
      })();
      for (let round = 0; round < 10; round += 1) {
        const bytes = await read(key);
        expect(versions.some((version) => version.equals(bytes))).toBe(true);
      }
      await writes;
    });

    it.each(['../secret', 'a/../../b', '/etc/passwd', 'a//b', 'a/./b', '.drafts/x', 'a\\b', 'a\0b', 'ä', '', 'a/'])('refuses the key %j', async (key) => {
      const bytes = Buffer.from('x');
      await expect(store.put(key, { bytes }, { contentType, sha256: sha256(bytes) })).rejects.toThrow('not an object key');
      await expect(store.get(key)).rejects.toThrow('not an object key');
      await expect(store.delete(key)).rejects.toThrow('not an object key');
      await expect(store.deleteMany([key])).rejects.toThrow('not an object key');
    });

    it('refuses to delete a prefix that is not a folder', async () => {
      for (const prefix of ['', '/', '../', 'recordings', 'recordings/../']) {
        await expect(store.deletePrefix(prefix)).rejects.toThrow('not the prefix of a folder');
      }
    });
  });
}
