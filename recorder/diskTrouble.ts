import type { DiskTrouble } from '#engine/contract';
import { isCoded } from '#engine/contract';

const troubles: Record<string, DiskTrouble> = { ENOSPC: 'full', EDQUOT: 'full', EROFS: 'readOnly', EACCES: 'readOnly', EPERM: 'readOnly', readOnly: 'readOnly' };

/** What is wrong with the disk, from the error of a write to a file or to the database. */
export function diskTrouble(err: unknown): DiskTrouble {
  if (isCoded(err, 'disk.full')) return 'full';
  const reason = isCoded(err) ? err.details?.reason : (err as NodeJS.ErrnoException | undefined)?.code;
  return troubles[String(reason)] ?? 'broken';
}
