import type { DiskTrouble } from '#engine/contract';
import { isCoded } from '#engine/contract';

/** What a failed write says of the disk; that it is too slow is seen without one. */
export type WriteTrouble = Exclude<DiskTrouble, 'tooSlow'>;

const troubles: Record<string, WriteTrouble> = { ENOSPC: 'full', EDQUOT: 'full', EROFS: 'readOnly', EACCES: 'readOnly', EPERM: 'readOnly', readOnly: 'readOnly' };

/** What is wrong with the disk, from the error of a write to a file or to the database. */
export function diskTrouble(err: unknown): WriteTrouble {
  if (isCoded(err, 'disk.full')) return 'full';
  const reason = isCoded(err) ? err.details?.reason : (err as NodeJS.ErrnoException | undefined)?.code;
  return troubles[String(reason)] ?? 'broken';
}
