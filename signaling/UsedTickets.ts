import { joinTicketSeconds } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import { usedTicketsSweepSize } from './limits.ts';

/** Join tickets that let someone in: each does so once. Remembers them for as long as they would be good. */
export class UsedTickets {
  readonly #clock: Clock;
  readonly #untilMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** False for a ticket that was spent before. */
  spend(ticketId: string): boolean {
    const nowMs = this.#clock.nowMs();
    if (this.#untilMs.size >= usedTicketsSweepSize) this.#sweep(nowMs);
    if (this.#untilMs.has(ticketId)) return false;
    // A second more, for tokens count in whole seconds.
    this.#untilMs.set(ticketId, nowMs + (joinTicketSeconds + 1) * 1000);
    return true;
  }

  #sweep(nowMs: number): void {
    for (const [ticketId, untilMs] of this.#untilMs) if (untilMs <= nowMs) this.#untilMs.delete(ticketId);
  }
}
