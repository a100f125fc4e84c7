import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';
import { ManualClock } from '#engine/testing';
import { openFolderObjectStore } from './FolderObjectStore.ts';
import { codeOf, objectStoreConformance, sha256 } from './testing/objectStoreConformance.ts';
import { storageClassConformance } from './testing/storageClassConformance.ts';

const folders: string[] = [];
async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lectern-store-'));
  folders.push(folder);
  return folder;
}
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

const contentType = 'video/mp4';

objectStoreConformance('A folder', async () => openFolderObjectStore(await freshFolder()), { largeBytes: 20_000_000 });

const clock = new ManualClock();
storageClassConformance('A folder', {
  open: async () => openFolderObjectStore(await freshFolder(), { clock, restoreDelayMs: 60_000 }),
  largeBytes: 1_000_000,
  hasToRestore: true,
  finishRestores: () => clock.advance(60_000),
});

describe('A folder of objects', () => {
  it('links a file of the same filesystem instead of copying it', async () => {
    const root = await freshFolder();
    const store = await openFolderObjectStore(root);
    const file = path.join(root, 'spooled');
    await writeFile(file, 'segment');
    await store.put('recordings/rec_1/x.m4s', { file }, { contentType, sha256: sha256(Buffer.from('segment')) });
    expect((await stat(path.join(root, 'recordings/rec_1/x.m4s'))).ino).toBe((await stat(file)).ino);
  });

  it('leaves no draft behind, after success, refusal or a crash', async () => {
    const root = await freshFolder();
    const first = await openFolderObjectStore(root);
    const bytes = Buffer.from('x');
    await first.put('a/b.m4s', { bytes }, { contentType, sha256: sha256(bytes) });
    expect(await codeOf(first.put('a/c.m4s', { bytes }, { contentType, sha256: sha256(Buffer.from('y')) }))).toBe('object.corrupt');
    expect(await readdir(path.join(root, '.drafts'))).toEqual([]);
    await writeFile(path.join(root, '.drafts', 'half'), 'hal');
    await openFolderObjectStore(root);
    expect(await readdir(path.join(root, '.drafts'))).toEqual([]);
    expect((await first.list('')).objects.map(({ key }) => key)).toEqual(['a/b.m4s']);
  });

  it('throws store.unavailable when a file cannot be read', async () => {
    const root = await freshFolder();
    const store = await openFolderObjectStore(root);
    // Nobody can open a link to itself, not even root.
    await mkdir(path.join(root, 'loop'));
    await symlink('loop.m4s', path.join(root, 'loop', 'loop.m4s'));
    expect(await codeOf(store.head('loop/loop.m4s'))).toBe('store.unavailable');
  });

  it('restores an archived object after a while, for the days that were asked for', async () => {
    const time = new ManualClock();
    const store = await openFolderObjectStore(await freshFolder(), { clock: time, restoreDelayMs: 1000 });
    const bytes = Buffer.from('x');
    await store.put('a/b.m4s', { bytes }, { contentType, sha256: sha256(bytes) });
    await store.setClass('a/b.m4s', 'archive');
    const state = async () => (await store.head('a/b.m4s')).restore;
    const read = () => codeOf(store.get('a/b.m4s').then(({ body }) => buffer(body)));
    expect([await store.restore('a/b.m4s', 2), await state(), await read()]).toEqual(['requested', 'requested', 'object.archived']);
    time.advance(500);
    expect(await store.restore('a/b.m4s', 2)).toBe('requested');
    time.advance(500);
    expect([await state(), await read()]).toEqual(['restored', 'no error']);
    time.advance(2 * 24 * 3600_000);
    expect([await state(), await read()]).toEqual(['none', 'object.archived']);
  });

  it('keeps the class of an object when it is opened again', async () => {
    const root = await freshFolder();
    const bytes = Buffer.from('x');
    const first = await openFolderObjectStore(root);
    await first.put('a/b.m4s', { bytes }, { contentType, sha256: sha256(bytes) });
    await first.setClass('a/b.m4s', 'infrequent');
    const again = await openFolderObjectStore(root);
    expect([(await again.head('a/b.m4s')).storageClass, (await again.list('')).objects.map(({ key }) => key)]).toEqual(['infrequent', ['a/b.m4s']]);
  });

  it('has no URL for browsers', async () => {
    const store = await openFolderObjectStore(await freshFolder());
    expect(store.presignGet('a/b.m4s', 60)).toBeUndefined();
  });
});
