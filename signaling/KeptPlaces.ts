import type { ClientTransport } from '#engine';
import type { LectureId, UserId } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import { placeKeptMs } from './limits.ts';

/**
 * The people who receive the media of a lecture, or received it in the last minutes. On a full machine they keep their place,
 * also when a page is reloaded or a worker dies.
 */
export class KeptPlaces {
  readonly #clock: Clock;
  /** The connections that receive media, for each person in a lecture. */
  readonly #open = new Map<string, number>();
  /** The time at which each place without a connection is given up, ms; the earliest first. */
  readonly #kept = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#open.size + this.#kept.size;
  }

  has(lectureId: LectureId, userId: UserId): boolean {
    this.#giveUp();
    const key = keyOf(lectureId, userId);
    return this.#open.has(key) || this.#kept.has(key);
  }

  /** The place is kept while the transport is open, and `placeKeptMs` longer. */
  take(lectureId: LectureId, userId: UserId, transport: Pick<ClientTransport, 'onClosed'>): void {
    const key = keyOf(lectureId, userId);
    this.#kept.delete(key);
    this.#open.set(key, (this.#open.get(key) ?? 0) + 1);
    transport.onClosed(() => this.#closed(key));
  }

  #closed(key: string): void {
    this.#giveUp();
    const others = (this.#open.get(key) ?? 1) - 1;
    if (others > 0) {
      this.#open.set(key, others);
      return;
    }
    this.#open.delete(key);
    this.#kept.set(key, this.#clock.nowMs() + placeKeptMs);
  }

  #giveUp(): void {
    for (const [key, untilMs] of this.#kept) {
      if (untilMs > this.#clock.nowMs()) return;
      this.#kept.delete(key);
    }
  }
}

function keyOf(lectureId: LectureId, userId: UserId): string {
  return `${lectureId} ${userId}`;
}
