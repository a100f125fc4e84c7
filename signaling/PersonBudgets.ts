import type { UserId } from '#engine/contract';
import type { RateLimiter, RateLimiters } from '#engine/kernel';
import { handRaiseBurst, handRaiseIntervalMs, requestUnitBurst, requestUnitsPerSecond } from './contract/index.ts';

export interface PersonBudget {
  /** Takes units for a request; false, and nothing is taken, when less is left. */
  takeUnits(units: number): Promise<boolean>;
  /** A raised hand is broadcast to the room, so it has a limit of its own. */
  takeHand(): Promise<boolean>;
}

/**
 * What each person may request, on all pages together. A new connection does not renew it. It counts in this process, where the
 * room is: a request waits for no other server.
 */
export class PersonBudgets {
  readonly #units: RateLimiter;
  readonly #hands: RateLimiter;

  constructor(limiters: RateLimiters) {
    this.#units = limiters.open('room.requests', { burst: requestUnitBurst, perSecond: requestUnitsPerSecond, scope: 'process' });
    this.#hands = limiters.open('room.hands', { burst: handRaiseBurst, perSecond: 1000 / handRaiseIntervalMs, scope: 'process' });
  }

  /** For a connection that has not joined. */
  ofStranger(socketId: string): PersonBudget {
    return this.#of(`socket ${socketId}`);
  }

  of(userId: UserId): PersonBudget {
    return this.#of(userId);
  }

  #of(key: string): PersonBudget {
    return {
      takeUnits: async (units) => (await this.#units.take(key, units)).isAllowed,
      takeHand: async () => (await this.#hands.take(key)).isAllowed,
    };
  }
}
