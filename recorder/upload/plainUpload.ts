import type { Readable } from 'node:stream';
import { Upload } from '@tus/server';
import type { IncomingStore, UploadPlace } from './IncomingStore.ts';

/** Stores a file whose length is known when it has ended. Resolves with its bytes. */
export async function appendPlainFile({ data, idOf }: Pick<IncomingStore, 'data' | 'idOf'>, place: UploadPlace, content: Readable): Promise<number> {
  const id = idOf(place);
  await data.create(new Upload({ id, offset: 0 }));
  return data.write(content, id, 0);
}
