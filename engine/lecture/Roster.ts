import { CodedError, ParticipantId } from '../contract/index.ts';
import type { CourseRole, Participant, ParticipantKind, UserId } from '../contract/index.ts';
import { newId } from '../kernel/newId.ts';

export interface NewParticipant {
  userId: UserId;
  displayName: string;
  kind: ParticipantKind;
  role: CourseRole;
}

/** The people in one lecture; encoders are not among them. A join costs the same in a room of ten and in one of ten thousand. */
export class Roster {
  /** In the order of joining. */
  readonly #participants = new Map<ParticipantId, Participant>();
  readonly #ofUsers = new Map<UserId, Set<ParticipantId>>();
  readonly #presenters = new Set<ParticipantId>();
  /** Viewers who have raised their hand. */
  readonly #raised = new Set<ParticipantId>();

  add(entering: NewParticipant, joinedAtMs: number, isChatMuted: boolean): Participant {
    const participant: Participant = {
      id: ParticipantId.parse(newId('prt')),
      ...entering,
      joinedAtMs,
      isHandRaised: false,
      handRaisedAtMs: null,
      isChatMuted,
    };
    this.#participants.set(participant.id, participant);
    const ofUser = this.#ofUsers.get(participant.userId) ?? new Set();
    this.#ofUsers.set(participant.userId, ofUser.add(participant.id));
    if (participant.kind === 'presenter') this.#presenters.add(participant.id);
    return participant;
  }

  remove(participantId: ParticipantId): Participant | undefined {
    const participant = this.#participants.get(participantId);
    if (!participant) return undefined;
    this.#participants.delete(participantId);
    this.#presenters.delete(participantId);
    this.#raised.delete(participantId);
    const ofUser = this.#ofUsers.get(participant.userId);
    ofUser?.delete(participantId);
    if (ofUser?.size === 0) this.#ofUsers.delete(participant.userId);
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
    return [...(this.#ofUsers.get(userId) ?? [])].map((id) => this.get(id));
  }

  update(participantId: ParticipantId, change: Partial<Pick<Participant, 'isHandRaised' | 'handRaisedAtMs' | 'isChatMuted' | 'role'>>): Participant {
    const participant = { ...this.get(participantId), ...change };
    this.#participants.set(participantId, participant);
    if (participant.kind === 'viewer' && participant.isHandRaised) this.#raised.add(participantId);
    else this.#raised.delete(participantId);
    return participant;
  }

  /** Everyone: presenters first, then raised hands, then by the time of joining. */
  people(offset = 0, limit = Infinity): Participant[] {
    const first = [...this.#presenters, ...this.#inOrderOfJoining(this.#raised)].map((id) => this.get(id));
    const page = first.slice(offset, offset + limit);
    let skipped = Math.min(offset, first.length);
    for (const participant of this.#participants.values()) {
      if (page.length >= limit) break;
      if (participant.kind !== 'viewer' || participant.isHandRaised) continue;
      if (skipped < offset) skipped += 1;
      else page.push(participant);
    }
    return page;
  }

  /** Someone with several pages counts once. */
  get peopleCount(): number {
    return this.#ofUsers.size;
  }

  get hasPresenter(): boolean {
    return this.#presenters.size > 0;
  }

  #inOrderOfJoining(ids: ReadonlySet<ParticipantId>): ParticipantId[] {
    return [...ids].sort((a, b) => this.get(a).joinedAtMs - this.get(b).joinedAtMs);
  }
}
