import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { openFolderObjectStore } from '../FolderObjectStore.ts';
import { FaultyObjectStore } from './FaultyObjectStore.ts';
import { objectStoreConformance } from './objectStoreConformance.ts';

let folder: string | undefined;
afterAll(async () => {
  if (folder !== undefined) await rm(folder, { recursive: true });
});

const open = async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-faulty-'));
  return new FaultyObjectStore(await openFolderObjectStore(folder));
};

objectStoreConformance('A faulty store without failures', open, { largeBytes: 1_000_000 });
