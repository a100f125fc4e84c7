import type { LectureEvent, UserId } from '#engine/contract';

/** How long people were in the room of a lecture. */
export interface Presence {
  lectureMs: number;
  presentMs: ReadonlyMap<UserId, number>;
}

interface Stay {
  userId: UserId;
  fromMs: number;
}

/**
 * Sums the presence of each person in the log of a lecture that has ended. Someone who is there with two devices counts once.
 * `sealedAtMs`: where the log goes on with another owner, after the process of the one before died. Nobody is known to have left
 * then: who joins again was there all the time, and who does not has left with the last event before.
 */
export function sumPresence(events: readonly LectureEvent[], sealedAtMs: readonly number[]): Presence {
  const endMs = events.find(({ type }) => type === 'lecture.ended')?.atMs ?? events.at(-1)?.atMs ?? 0;
  const stays = new Map<UserId, [number, number][]>();
  const present = new Map<string, Stay>();
  const add = ({ userId, fromMs }: Stay, untilMs: number) => stays.set(userId, [...(stays.get(userId) ?? []), [fromMs, untilMs]]);
  const lastJoinMs = new Map<UserId, number>();
  for (const event of events) if (event.type === 'participant.joined') lastJoinMs.set(event.data.userId, event.atMs);
  const seals = [...sealedAtMs];
  const seal = (atMs: number) => {
    for (const [id, stay] of present) {
      const isBack = (lastJoinMs.get(stay.userId) ?? -1) > atMs;
      if (isBack) continue;
      add(stay, atMs);
      present.delete(id);
    }
  };
  for (const event of events) {
    while (seals[0] !== undefined && seals[0] < event.atMs) seal(seals.shift() ?? 0);
    if (event.type === 'participant.joined') {
      for (const [id, stay] of present) {
        // Its earlier owner could not write that this participant left.
        if (stay.userId !== event.data.userId || !sealedAtMs.some((atMs) => atMs >= stay.fromMs && atMs < event.atMs)) continue;
        add(stay, event.atMs);
        present.delete(id);
      }
      present.set(event.data.participantId, { userId: event.data.userId, fromMs: event.atMs });
    } else if (event.type === 'participant.left') {
      const stay = present.get(event.data.participantId);
      if (stay) add(stay, event.atMs);
      present.delete(event.data.participantId);
    }
  }
  for (const atMs of seals) seal(atMs);
  for (const stay of present.values()) add(stay, endMs);
  return { lectureMs: endMs, presentMs: new Map([...stays].map(([userId, spans]) => [userId, unionMs(spans, endMs)])) };
}

function unionMs(spans: readonly [number, number][], endMs: number): number {
  let sumMs = 0;
  let untilMs = 0;
  for (const [from, to] of [...spans].sort(([a], [b]) => a - b)) {
    const end = Math.min(to, endMs);
    sumMs += Math.max(0, end - Math.max(from, untilMs));
    untilMs = Math.max(untilMs, end);
  }
  return sumMs;
}
