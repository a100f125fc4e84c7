import type { Participant, ParticipantId } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import type { Connection } from './Connection.ts';
import { rosterFlushDelayMs } from './limits.ts';

type RosterChange = { joined: Participant } | { leftId: ParticipantId };

interface QueuedChange {
  change: RosterChange;
  /** The change is sent to connections that joined between these two revisions: later ones have it in their snapshot. */
  after: number;
  before: number;
}

/** Announces to one room who joins and leaves, collected over `rosterFlushDelayMs`. Owns its timer. */
export class RosterNotifier {
  readonly #clock: Clock;
  readonly #members: ReadonlyMap<ParticipantId, Connection>;
  readonly #joinedAt = new WeakMap<Connection, number>();
  #queue: QueuedChange[] = [];
  /** Counts the changes of the roster. */
  #revision = 0;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, members: ReadonlyMap<ParticipantId, Connection>) {
    this.#clock = clock;
    this.#members = members;
  }

  /** Call it for everyone who joins, also without an announcement. */
  joined(participant: Participant, connection: Connection, isAnnounced: boolean): void {
    this.#revision += 1;
    this.#joinedAt.set(connection, this.#revision);
    if (isAnnounced) this.#enqueue({ change: { joined: participant }, after: 0, before: this.#revision });
  }

  left(participantId: ParticipantId): void {
    this.#revision += 1;
    const unsent = this.#queue.find(({ change }) => 'joined' in change && change.joined.id === participantId);
    this.#queue = this.#queue.filter((queued) => queued !== unsent);
    this.#enqueue({ change: { leftId: participantId }, after: unsent?.before ?? 0, before: this.#revision });
  }

  /** Sends the collected changes. Call it before any other push, which may name one of these people. */
  flush(): void {
    this.close();
    const queue = this.#queue;
    this.#queue = [];
    if (queue.length === 0) return;
    for (const connection of this.#members.values()) {
      const joinedAt = this.#joinedAt.get(connection) ?? 0;
      for (const { change, after, before } of queue) {
        if (joinedAt <= after || joinedAt >= before) continue;
        if ('joined' in change) connection.push('participant.joined', { participant: change.joined });
        else connection.push('participant.left', { participantId: change.leftId });
      }
    }
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #enqueue(queued: QueuedChange): void {
    this.#queue.push(queued);
    this.#cancel ??= this.#clock.after(rosterFlushDelayMs, () => this.flush());
  }
}
