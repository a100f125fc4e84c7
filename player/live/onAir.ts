import type { Participant, Publication } from '#engine/contract';
import type { RoomState } from './roomState.ts';

type Room = Pick<RoomState, 'self' | 'publications' | 'participants'>;
type RecordedRoom = Pick<RoomState, 'lecture' | 'recording' | 'publications'>;

/** Who is on the air, other than this page. */
export type OtherOnAir =
  | { kind: 'encoder' }
  /** Undefined if the list of participants does not contain the person. */
  | { kind: 'presenter'; presenter: Participant | undefined };

/** The publications of others that are on the air: what this page receives. */
export function othersOnAir({ self, publications }: Room): Publication[] {
  return publications.filter(({ participantId, isStandby }) => participantId !== self.id && !isStandby);
}

/** Who sends the main video and audio, if it is not this page. */
export function mainOnAir(room: Room): OtherOnAir | undefined {
  const main = othersOnAir(room).find(({ source }) => source !== 'screen');
  if (!main) return undefined;
  if (main.source === 'program') return { kind: 'encoder' };
  return { kind: 'presenter', presenter: room.participants.find(({ id }) => id === main.participantId) };
}

/** An encoder is connected, and someone else is on the air. */
export function isEncoderOnStandby({ publications }: Room): boolean {
  return publications.some(({ source, isStandby }) => source === 'program' && isStandby);
}

/** The recorder writes what is on the air. It waits while nothing is, and pauses while it cannot write. */
export function isRecordingMedia({ lecture, recording, publications }: RecordedRoom): boolean {
  return lecture.state === 'live' && (recording === 'recording' || recording === 'behind') && publications.some(({ isStandby }) => !isStandby);
}
