import { CodedError, ParticipantId } from '../contract/index.ts';
import type { CourseRole, Participant, ParticipantKind, UserId } from '../contract/index.ts';
import { newId } from '../kernel/newId.ts';

export interface NewParticipant {
  userId: UserId;
  displayName: string;
  kind: ParticipantKind;
  role: CourseRole;
}

/** The people in one lecture. Encoders are not among them. */
export class Roster {
  readonly #participants = new Map<ParticipantId, Participant>();
  /** How many participants each person is. */
  readonly #pagesOfPeople = new Map<UserId, number>();

  add(entering: NewParticipant, joinedAtMs: number, isChatMuted: boolean): Participant {
    const participant: Participant = {
      id: ParticipantId.parse(newId('prt')),
      ...entering,
      joinedAtMs,
      isHandRaised: false,
      isChatMuted,
    };
    this.#participants.set(participant.id, participant);
    this.#countPages(participant, 1);
    return participant;
  }

  remove(participantId: ParticipantId): Participant | undefined {
    const participant = this.#participants.get(participantId);
    this.#participants.delete(participantId);
    if (participant) this.#countPages(participant, -1);
    return participant;
  }

  get(participantId: ParticipantId): Participant {
    const participant = this.#participants.get(participantId);
    if (!participant) throw new CodedError('participant.notFound', 'This person is no longer in the room.');
    return participant;
  }

  has(participantId: ParticipantId): boolean {
    return this.#participants.has(participantId);
  }

  ofUser(userId: UserId): Participant[] {
    return [...this.#participants.values()].filter((participant) => participant.userId === userId);
  }

  update(participantId: ParticipantId, change: Partial<Pick<Participant, 'isHandRaised' | 'isChatMuted' | 'role'>>): Participant {
    const participant = { ...this.get(participantId), ...change };
    this.#participants.set(participantId, participant);
    return participant;
  }

  /** Everyone: presenters first, then raised hands, then by the time of joining. */
  people(): Participant[] {
    const rank = (participant: Participant) => (participant.kind === 'presenter' ? 0 : participant.isHandRaised ? 1 : 2);
    return [...this.#participants.values()].sort((a, b) => rank(a) - rank(b) || a.joinedAtMs - b.joinedAtMs);
  }

  /** Someone with several pages counts once. */
  get peopleCount(): number {
    return this.#pagesOfPeople.size;
  }

  get hasPresenter(): boolean {
    for (const { kind } of this.#participants.values()) if (kind === 'presenter') return true;
    return false;
  }

  #countPages({ userId }: Participant, change: 1 | -1): void {
    const pages = (this.#pagesOfPeople.get(userId) ?? 0) + change;
    if (pages > 0) this.#pagesOfPeople.set(userId, pages);
    else this.#pagesOfPeople.delete(userId);
  }
}
