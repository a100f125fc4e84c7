import type { UserId } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import { handRaiseBurst, handRaiseIntervalMs, requestUnitBurst, requestUnitsPerSecond } from './contract/index.ts';
import { budgetSweepSize } from './limits.ts';
import { RequestBudget } from './RequestBudget.ts';

export interface PersonBudget {
  requests: RequestBudget;
  /** A raised hand is broadcast to the room, so it has a limit of its own. */
  hands: RequestBudget;
}

const requestLimit = { perSecond: requestUnitsPerSecond, burst: requestUnitBurst };
const handRaiseLimit = { perSecond: 1000 / handRaiseIntervalMs, burst: handRaiseBurst };

/** What each person may request, on all pages together. A new connection does not renew it. */
export class PersonBudgets {
  readonly #clock: Clock;
  readonly #budgets = new Map<UserId, PersonBudget>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** For a connection that has not joined. */
  ofStranger(): PersonBudget {
    return { requests: new RequestBudget(this.#clock, requestLimit), hands: new RequestBudget(this.#clock, handRaiseLimit) };
  }

  of(userId: UserId): PersonBudget {
    const known = this.#budgets.get(userId);
    if (known) return known;
    if (this.#budgets.size >= budgetSweepSize) this.#removeUnused();
    const budget = this.ofStranger();
    this.#budgets.set(userId, budget);
    return budget;
  }

  #removeUnused(): void {
    for (const [userId, { requests, hands }] of this.#budgets) if (requests.isFull && hands.isFull) this.#budgets.delete(userId);
  }
}
