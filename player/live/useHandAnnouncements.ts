import { useEffect, useRef } from 'preact/hooks';
import type { Participant } from '#engine/contract';
import { may } from '#engine/contract';
import { showToast } from '../design/index.ts';
import { text } from '../text/index.ts';
import { sentenceFor } from '../text/sentenceFor.ts';
import { handSound } from './handSound.ts';
import { raisedHands } from './raisedHands.ts';
import type { RoomConnection } from './RoomConnection.ts';
import type { RoomState } from './roomState.ts';

/** Tells a moderator by name, and by a sound if it is wanted, who raises a hand. Hands that were up before are not announced. */
export function useHandAnnouncements(connection: RoomConnection, room: RoomState | undefined): void {
  const known = useRef<ReadonlySet<string>>();
  useEffect(() => {
    if (!room || !may(room.self.role, 'hand.lowerOthers')) return;
    const hands = raisedHands(room.participants).filter(({ userId }) => userId !== room.self.userId);
    const fresh = known.current ? hands.filter(({ id }) => !known.current?.has(id)) : [];
    known.current = new Set(hands.map(({ id }) => id));
    for (const hand of fresh) announce(connection, hand);
    if (fresh.length > 0) handSound.play();
  }, [room?.participants]);
}

function announce(connection: RoomConnection, { id, displayName }: Participant): void {
  const lower = () => {
    connection.request('hand.lower', { participantId: id }).catch((error: unknown) => showToast({ text: sentenceFor(error), tone: 'danger' }));
  };
  showToast({ text: text.room.handRaised(displayName), action: { label: text.room.lowerHand, onSelect: lower } });
}
