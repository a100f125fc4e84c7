import { removeUploads, UploadStore } from '#recorder';
import type { OpenPersonalSource } from '../personal/PersonalSource.ts';

/** The uploads of the person. Unfinished ones are removed with what has arrived; the videos of the others belong to their courses. */
export const uploadPersonalData: OpenPersonalSource = ({ database, objects }) => {
  const uploads = new UploadStore(database);
  return {
    name: 'uploads',
    collections: ['uploads'],
    rows: async ({ userId }) => (await uploads.allOf(userId)).map(({ courseId, videoId, title, fileName, bytes, offset, state, createdAt }) => ({ courseId, videoId, title, fileName, bytes, offset, state, createdAt })),
    erase: async ({ userId }) => removeUploads({ objects, uploads }, await uploads.allOf(userId)),
  };
};
