import { Readable } from 'node:stream';
import { Upload } from '@tus/server';
import type { IncomingStore, UploadPlace } from './IncomingStore.ts';

/** Stores the file of the running transfer, whose length is known when it has ended. Resolves with its bytes. */
export async function appendPlainFile(incoming: IncomingStore, place: UploadPlace): Promise<number> {
  const id = incoming.idOf(place);
  await incoming.data.create(new Upload({ id, offset: 0 }));
  return incoming.data.write(Readable.from([]), id, 0);
}
