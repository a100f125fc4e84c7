import { CodedError } from '#engine/contract';
import type { StoreTrouble } from '#engine/contract';
import { diskTrouble } from '../capture/diskTrouble.ts';
import type { WriteTrouble } from '../capture/diskTrouble.ts';

export function isAbsent(err: unknown): boolean {
  const code = (err as NodeJS.ErrnoException | undefined)?.code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** Tells the administrator what is wrong and what to do. */
const sentences: Record<WriteTrouble, (reason: string) => string> = {
  full: (reason) => `The disk of the object store is full (${reason}). Free some space on it.`,
  readOnly: (reason) => `Lectern may not write to the folder of the object store (${reason}). Check its owner, and that its disk is writable.`,
  broken: (reason) => `The folder of the object store cannot be used (${reason}).`,
};

/** Maps an error of the filesystem to an error of the port: no such object, or a disk that is full, read-only or broken. */
export function folderError(key: string, err: unknown): unknown {
  if (err instanceof CodedError) return err;
  const code = (err as NodeJS.ErrnoException | undefined)?.code;
  if (typeof code !== 'string') return err;
  if (isAbsent(err)) return new CodedError('object.notFound', `The store has no object ${key}.`, { cause: err, details: { key } });
  const disk = diskTrouble(err);
  const trouble: StoreTrouble = disk === 'broken' ? 'away' : disk;
  return new CodedError('store.unavailable', sentences[disk](code), { cause: err, details: { key, reason: code, trouble } });
}
