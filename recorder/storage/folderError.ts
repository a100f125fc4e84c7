import { CodedError } from '#engine/contract';
import type { StoreTrouble } from '#engine/contract';
import { diskTrouble } from '../capture/diskTrouble.ts';
import type { WriteTrouble } from '../capture/diskTrouble.ts';

export function isAbsent(err: unknown): boolean {
  const code = (err as NodeJS.ErrnoException | undefined)?.code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** For whoever runs the server: what is wrong, and what to do. */
const sentences: Record<WriteTrouble, (reason: string) => string> = {
  full: (reason) => `The disk of the object store is full (${reason}). Make room on it.`,
  readOnly: (reason) => `Lectern may not use the folder of the object store (${reason}). Check who owns it, and that its disk can be written.`,
  broken: (reason) => `The folder of the object store cannot be used (${reason}).`,
};

/** What the filesystem said, as the port says it: no such object, or a disk that is full, read-only, gone. */
export function folderError(key: string, err: unknown): unknown {
  if (err instanceof CodedError) return err;
  const code = (err as NodeJS.ErrnoException | undefined)?.code;
  if (typeof code !== 'string') return err;
  if (isAbsent(err)) return new CodedError('object.notFound', `There is no ${key} in the store.`, { cause: err, details: { key } });
  const disk = diskTrouble(err);
  const trouble: StoreTrouble = disk === 'broken' ? 'away' : disk;
  return new CodedError('store.unavailable', sentences[disk](code), { cause: err, details: { key, reason: code, trouble } });
}
