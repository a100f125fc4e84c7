import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openFolderObjectStore } from './FolderObjectStore.ts';
import { codeOf, objectStoreConformance, sha256 } from './testing/objectStoreConformance.ts';

const folders: string[] = [];
async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lectern-store-'));
  folders.push(folder);
  return folder;
}
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

const contentType = 'video/mp4';

objectStoreConformance('A folder', async () => openFolderObjectStore(await freshFolder()), { largeBytes: 20_000_000 });

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

  it('has no URL for browsers', async () => {
    const store = await openFolderObjectStore(await freshFolder());
    expect(store.presignGet('a/b.m4s', 60)).toBeUndefined();
  });
});
