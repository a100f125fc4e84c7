import { toInstant } from '../Clock.ts';
import type { Clock } from '../Clock.ts';
import { DuplicateKeyError } from '../database/index.ts';
import type { Collection, Database } from '../database/index.ts';
import { usedTicketSweepMs } from './limits.ts';
import type { OneTimeTickets } from './RateLimiters.ts';

interface UsedTicketRow {
  /** The ticket. */
  _id: string;
  expiresAt: string;
}

/**
 * Tickets that were used, in the database: for processes that share one, and have no Redis. Owns the collection `usedTickets`. While
 * the database is unavailable, nobody can use a ticket.
 */
export class DatabaseTickets implements OneTimeTickets {
  readonly #used: Collection<UsedTicketRow>;
  readonly #clock: Clock;
  #sweepAtMs = 0;

  constructor({ database, clock }: { database: Database; clock: Clock }) {
    this.#used = database.collection<UsedTicketRow>({ name: 'usedTickets', indexes: [{ keys: { expiresAt: 1 } }] });
    this.#clock = clock;
  }

  async use(ticketId: string, lifetimeMs: number): Promise<boolean> {
    const nowMs = this.#clock.nowMs();
    await this.#removeExpired(nowMs);
    try {
      await this.#used.insertOne({ _id: ticketId, expiresAt: toInstant(nowMs + lifetimeMs) });
      return true;
    } catch (err) {
      if (err instanceof DuplicateKeyError) return false;
      throw err;
    }
  }

  async #removeExpired(nowMs: number): Promise<void> {
    if (nowMs < this.#sweepAtMs) return;
    this.#sweepAtMs = nowMs + usedTicketSweepMs;
    await this.#used.deleteMany({ expiresAt: { $lte: toInstant(nowMs) } });
  }
}
