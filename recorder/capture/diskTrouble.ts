import type { DiskTrouble } from '#engine/contract';
import { isCoded } from '#engine/contract';

/** Troubles that a failed write reveals. A slow disk shows without a failure. */
export type WriteTrouble = Exclude<DiskTrouble, 'tooSlow'>;

const troubles: Record<string, WriteTrouble> = { ENOSPC: 'full', EDQUOT: 'full', EROFS: 'readOnly', EACCES: 'readOnly', EPERM: 'readOnly', readOnly: 'readOnly' };

/** Classifies the error of a write to a file or to the database. */
export function diskTrouble(err: unknown): WriteTrouble {
  if (isCoded(err, 'disk.full')) return 'full';
  const reason = isCoded(err) ? err.details?.reason : (err as NodeJS.ErrnoException | undefined)?.code;
  return troubles[String(reason)] ?? 'broken';
}
