import type { Participant, ParticipantId } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import type { Connection } from './Connection.ts';
import { rosterFlushDelayMs } from './limits.ts';

type News = { joined: Participant } | { leftId: ParticipantId };

interface Item {
  news: News;
  /** Told to those who entered between these moments: who came later has it in the snapshot. */
  after: number;
  before: number;
}

/** Tells the pages of one room who came and who left, a few times a second. Owns its timer. */
export class RosterNotifier {
  readonly #clock: Clock;
  readonly #members: ReadonlyMap<ParticipantId, Connection>;
  readonly #entrances = new WeakMap<Connection, number>();
  #items: Item[] = [];
  #moment = 0;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, members: ReadonlyMap<ParticipantId, Connection>) {
    this.#clock = clock;
    this.#members = members;
  }

  /** To be called for everyone who enters, told of or not. */
  joined(participant: Participant, connection: Connection, isTold: boolean): void {
    this.#moment += 1;
    this.#entrances.set(connection, this.#moment);
    if (isTold) this.#add({ news: { joined: participant }, after: 0, before: this.#moment });
  }

  left(participantId: ParticipantId): void {
    this.#moment += 1;
    const untold = this.#items.find(({ news }) => 'joined' in news && news.joined.id === participantId);
    this.#items = this.#items.filter((item) => item !== untold);
    this.#add({ news: { leftId: participantId }, after: untold?.before ?? 0, before: this.#moment });
  }

  /** Tells at once what is to be told: what comes next may name one of them. */
  tell(): void {
    this.close();
    const items = this.#items;
    this.#items = [];
    if (items.length === 0) return;
    for (const connection of this.#members.values()) {
      const entrance = this.#entrances.get(connection) ?? 0;
      for (const { news, after, before } of items) {
        if (entrance <= after || entrance >= before) continue;
        if ('joined' in news) connection.push('participant.joined', { participant: news.joined });
        else connection.push('participant.left', { participantId: news.leftId });
      }
    }
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #add(item: Item): void {
    this.#items.push(item);
    this.#cancel ??= this.#clock.after(rosterFlushDelayMs, () => this.tell());
  }
}
