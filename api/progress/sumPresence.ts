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

type Span = readonly [fromMs: number, toMs: number];

/**
 * Sums the presence of each person in the log of a lecture that has ended. Someone who is there with two devices counts once.
 * `sealedAtMs`: where the log goes on with another owner, after the process of the one before died. Nobody is known to have left
 * then: who joins again was there all the time, and who does not has left with the last event before.
 */
export function sumPresence(events: readonly LectureEvent[], sealedAtMs: readonly number[]): Presence {
  const endMs = events.find(({ type }) => type === 'lecture.ended')?.atMs ?? events.at(-1)?.atMs ?? 0;
  const room = new RoomBook(events);
  const seals = [...sealedAtMs];
  for (const event of events) {
    while (seals[0] !== undefined && seals[0] < event.atMs) room.seal(seals.shift() ?? 0);
    if (event.type === 'participant.joined') room.join(event.data.participantId, { userId: event.data.userId, fromMs: event.atMs });
    else if (event.type === 'participant.left') room.leave(event.data.participantId, event.atMs);
  }
  for (const atMs of seals) room.seal(atMs);
  room.leaveAll(endMs);
  return { lectureMs: endMs, presentMs: new Map([...room.spans].map(([userId, spans]) => [userId, unionMs(spans, endMs)])) };
}

/** Who is in the room, and the times of those who were. */
class RoomBook {
  readonly spans = new Map<UserId, Span[]>();
  readonly #present = new Map<string, Stay>();
  /** Those whose process died, and who join again. */
  readonly #expected = new Set<string>();
  readonly #lastJoinMs: ReadonlyMap<UserId, number>;

  constructor(events: readonly LectureEvent[]) {
    this.#lastJoinMs = new Map(events.flatMap((event) => (event.type === 'participant.joined' ? [[event.data.userId, event.atMs] as const] : [])));
  }

  join(participantId: string, stay: Stay): void {
    for (const id of [...this.#expected]) {
      if (this.#present.get(id)?.userId === stay.userId) this.leave(id, stay.fromMs);
    }
    this.#present.set(participantId, stay);
  }

  leave(participantId: string, atMs: number): void {
    const stay = this.#present.get(participantId);
    this.#expected.delete(participantId);
    if (!stay) return;
    this.#present.delete(participantId);
    this.spans.set(stay.userId, [...(this.spans.get(stay.userId) ?? []), [stay.fromMs, atMs]]);
  }

  leaveAll(atMs: number): void {
    for (const id of [...this.#present.keys()]) this.leave(id, atMs);
  }

  /** The process of the room died: nobody who was there is written to have left. */
  seal(atMs: number): void {
    for (const [id, { userId }] of [...this.#present]) {
      if ((this.#lastJoinMs.get(userId) ?? -1) > atMs) this.#expected.add(id);
      else this.leave(id, atMs);
    }
  }
}

function unionMs(spans: readonly Span[], endMs: number): number {
  let sumMs = 0;
  let untilMs = 0;
  for (const [from, to] of [...spans].sort(([a], [b]) => a - b)) {
    const end = Math.min(to, endMs);
    sumMs += Math.max(0, end - Math.max(from, untilMs));
    untilMs = Math.max(untilMs, end);
  }
  return sumMs;
}
