import { exportFolder, ExportStore } from './ExportStore.ts';
import type { OpenPersonalSource } from './PersonalSource.ts';

/** The exports themselves, with their files. */
export const exportPersonalData: OpenPersonalSource = ({ database, objects }) => {
  const exports = new ExportStore(database);
  return {
    name: 'exports',
    collections: ['personalExports'],
    rows: async ({ userId }) => (await exports.ofUser(userId)).map(({ state, requestedAt, expiresAt }) => ({ state, requestedAt, expiresAt })),
    erase: async ({ userId }) => {
      await exports.removeAllOf(userId);
      await objects.deletePrefix(exportFolder(userId));
    },
  };
};
