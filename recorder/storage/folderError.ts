import { CodedError } from '#engine/contract';

export function isAbsent(err: unknown): boolean {
  const code = (err as NodeJS.ErrnoException | undefined)?.code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** What the filesystem said, as the port says it: no such object, or a disk that is full, read-only, gone. */
export function folderError(key: string, err: unknown): unknown {
  if (err instanceof CodedError) return err;
  const code = (err as NodeJS.ErrnoException | undefined)?.code;
  if (typeof code !== 'string') return err;
  if (isAbsent(err)) return new CodedError('object.notFound', `There is no ${key} in the store.`, { cause: err, details: { key } });
  return new CodedError('store.unavailable', `The folder of the object store cannot be used (${code}).`, { cause: err, details: { key, reason: code } });
}
