import type { Participant } from '#engine/contract';

/** Who has a hand up, the longest first. */
export function raisedHands(participants: readonly Participant[]): Participant[] {
  return participants.filter(({ isHandRaised }) => isHandRaised).sort((a, b) => (a.handRaisedAtMs ?? 0) - (b.handRaisedAtMs ?? 0));
}
