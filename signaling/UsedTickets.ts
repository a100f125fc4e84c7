import { joinTicketSeconds } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import { usedTicketsSweepSize } from './limits.ts';

/** The join tickets that were used, each kept for as long as it would be valid: a ticket is valid once. */
export class UsedTickets {
  readonly #clock: Clock;
  readonly #expiresAtMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** False for a ticket that was used before. */
  use(ticketId: string): boolean {
    const nowMs = this.#clock.nowMs();
    if (this.#expiresAtMs.size >= usedTicketsSweepSize) this.#removeExpired(nowMs);
    if (this.#expiresAtMs.has(ticketId)) return false;
    // One second longer, because the times in tokens are whole seconds.
    this.#expiresAtMs.set(ticketId, nowMs + (joinTicketSeconds + 1) * 1000);
    return true;
  }

  #removeExpired(nowMs: number): void {
    for (const [ticketId, expiresAtMs] of this.#expiresAtMs) if (expiresAtMs <= nowMs) this.#expiresAtMs.delete(ticketId);
  }
}
