import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Upload } from '@tus/server';
import { openFolderObjectStore } from '../storage/index.ts';
import { FolderIncoming } from './FolderIncoming.ts';
import { incomingStoreConformance } from './testing/incomingStoreConformance.ts';

incomingStoreConformance('A folder', async ({ transferOf, sizes }) => {
  const root = await mkdtemp(path.join(tmpdir(), 'lectern-incoming-'));
  const facts = {
    get: async (storeId: string) => (sizes.has(storeId) ? new Upload({ id: storeId, size: sizes.get(storeId) ?? 0, offset: 0 }) : undefined),
    set: async () => undefined,
    delete: async () => undefined,
  };
  const open = () => new FolderIncoming({ root, facts, transferOf });
  return { incoming: open(), reopened: open(), store: await openFolderObjectStore(root), close: () => rm(root, { recursive: true }) };
}, { largeBytes: 2_500_000 });
