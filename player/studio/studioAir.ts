import { mainOnAir, othersOnAir } from '../live/onAir.ts';
import type { RoomConnection } from '../live/RoomConnection.ts';
import type { RoomState } from '../live/roomState.ts';
import { text } from '../text/index.ts';

/** Video or audio of this lecture reaches students: from this page, or from someone else. */
export function isAnythingOnAir({ isBroadcasting }: Pick<RoomConnection, 'isBroadcasting'>, room: RoomState): boolean {
  return isBroadcasting.value || othersOnAir(room).length > 0;
}

/** Who is on the air instead of this page. */
export interface Rival {
  /** At the beginning of a sentence. */
  name: string;
  isEncoder: boolean;
  /** Another page of the same person. */
  isOwnTab: boolean;
}

/** Undefined while nobody else sends, or nothing arrives from them. */
export function rivalIn(room: RoomState | undefined): Rival | undefined {
  const other = room?.lecture.state === 'live' ? mainOnAir(room) : undefined;
  if (!room || !other) return undefined;
  if (other.kind === 'encoder') return { name: text.studio.rivals.encoder, isEncoder: true, isOwnTab: false };
  const { presenter } = other;
  if (!presenter) return { name: text.studio.rivals.someone, isEncoder: false, isOwnTab: false };
  const isOwnTab = presenter.userId === room.self.userId;
  return { name: isOwnTab ? text.studio.rivals.ownTab : presenter.displayName, isEncoder: false, isOwnTab };
}
