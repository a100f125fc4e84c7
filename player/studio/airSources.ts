import type { ParticipantId } from '#engine/contract';
import type { RoomState } from '../live/roomState.ts';

/** Somebody whose camera and microphone, or program, students can be shown. */
export interface AirSource {
  participantId: ParticipantId;
  kind: 'own' | 'encoder' | 'presenter';
  /** Undefined for this page and for an encoder. */
  name: string | undefined;
  isOnAir: boolean;
}

/** What this page sends itself. */
export interface OwnAir {
  isSending: boolean;
  isOnAir: boolean;
}

/** Everyone who sends camera, microphone or program: this page first, then the encoder, then others. */
export function airSources({ self, publications, participants }: Pick<RoomState, 'self' | 'publications' | 'participants'>, own: OwnAir): AirSource[] {
  const others = new Map<ParticipantId, AirSource>();
  for (const { participantId, source, isStandby } of publications) {
    if (source === 'screen' || participantId === self.id) continue;
    const isOnAir = !isStandby || (others.get(participantId)?.isOnAir ?? false);
    const name = participants.find(({ id }) => id === participantId)?.displayName;
    others.set(participantId, { participantId, kind: source === 'program' ? 'encoder' : 'presenter', name, isOnAir });
  }
  const sorted = [...others.values()].sort((a, b) => Number(b.kind === 'encoder') - Number(a.kind === 'encoder'));
  return own.isSending ? [{ participantId: self.id, kind: 'own', name: undefined, isOnAir: own.isOnAir }, ...sorted] : sorted;
}
