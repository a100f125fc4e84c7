import { CodedError } from '../contract/index.ts';
import type { LectureEventBody, Participant, UserId } from '../contract/index.ts';
import { requireRole, requireSubject } from './AccessPolicy.ts';
import type { RoomMemory } from './projectRoom.ts';
import type { Roster } from './Roster.ts';

export interface RemovalsOptions {
  memory: RoomMemory;
  roster: Roster;
  /** Removes everything of this person from the room. */
  leave: (userId: UserId) => void;
  record: (event: LectureEventBody) => Promise<void>;
  /** The removal could not be stored yet; it will be, as soon as the database accepts it. */
  onDelayed: (userId: UserId, err: unknown) => void;
}

/** The people who were removed from one live lecture. A removal holds for the rest of the lecture and its replay, until it is lifted. */
export class Removals {
  readonly #options: RemovalsOptions;

  constructor(options: RemovalsOptions) {
    this.#options = options;
  }

  has(userId: UserId): boolean {
    return this.#options.memory.removedUsers.has(userId);
  }

  all(): UserId[] {
    return [...this.#options.memory.removedUsers];
  }

  /** Resolves when the removal is stored, or will be stored as soon as the database accepts it. @throws CodedError `access.denied` */
  async remove(by: Participant, userId: UserId): Promise<void> {
    const { memory, roster, leave, record, onDelayed } = this.#options;
    requireRole(by, 'participant.remove');
    if (by.userId === userId) throw new CodedError('access.denied', 'You cannot remove yourself. Leave the room instead.');
    for (const { role } of roster.ofUser(userId)) requireSubject(role);
    memory.removedUsers.add(userId);
    const recorded = record({ type: 'participant.removed', data: { userId, byUserId: by.userId } });
    leave(userId);
    await recorded.catch((err: unknown) => onDelayed(userId, err));
  }

  /** Lifts a removal: the person may enter again. */
  async lift(userId: UserId, byUserId: UserId): Promise<void> {
    await this.#options.record({ type: 'participant.readmitted', data: { userId, byUserId } });
    this.#options.memory.removedUsers.delete(userId);
  }
}
