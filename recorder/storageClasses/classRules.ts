// When a video moves to another storage class, and which of its objects do.
import { toInstant } from '#engine/kernel';
import type { StorageClass } from '../contract/index.ts';
import { dayMs } from '../limits.ts';

/** Days without a view until a video moves. Null: it never does. */
export interface ClassRules {
  infrequentAfterDays: number | null;
  archiveAfterDays: number | null;
}

/** Videos of these classes that nobody has watched since then move. */
export interface DueMove {
  to: StorageClass;
  from: readonly StorageClass[];
  /** ISO 8601 */
  idleSince: string;
}

/** The archive comes first: what is due for it need not be moved twice. */
export function dueMoves({ infrequentAfterDays, archiveAfterDays }: ClassRules, nowMs: number): DueMove[] {
  const before = (days: number) => toInstant(nowMs - days * dayMs);
  const moves: DueMove[] = [];
  if (archiveAfterDays !== null) moves.push({ to: 'archive', from: ['infrequent', 'standard'], idleSince: before(archiveAfterDays) });
  if (infrequentAfterDays !== null) moves.push({ to: 'infrequent', from: ['standard'], idleSince: before(infrequentAfterDays) });
  return moves;
}

/** Playlists, manifests, indexes and images: they are small, and pages show them without playing the video. */
const staysStandard = /\.(?:m3u8|json|vtt|jpe?g|webp|png)$/;

export function mayMove(key: string): boolean {
  return !staysStandard.test(key);
}
