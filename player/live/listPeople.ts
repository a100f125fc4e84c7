import type { Participant } from '#engine/contract';

const roleOrder: Record<Participant['role'], number> = { owner: 0, assistant: 1, student: 2 };

/** The people in a room, each listed once: raised hands first, then instructors and assistants, then by name. */
export function listPeople(participants: readonly Participant[]): Participant[] {
  const byUser = new Map<string, Participant>();
  for (const participant of participants) {
    const known = byUser.get(participant.userId);
    if (!known || (participant.isHandRaised && !known.isHandRaised)) byUser.set(participant.userId, participant);
  }
  return [...byUser.values()].sort(
    (a, b) =>
      Number(b.isHandRaised) - Number(a.isHandRaised) || roleOrder[a.role] - roleOrder[b.role] || a.displayName.localeCompare(b.displayName),
  );
}
