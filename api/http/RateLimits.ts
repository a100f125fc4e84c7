import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { CodedError } from '#engine/contract';
import type { RouteName } from '../contract/index.ts';
import { rateLimits } from '../limits.ts';
import type { CountedBy, RateLimit } from '../limits.ts';
import { addressGroup } from './addressGroup.ts';

export interface RequestOrigin {
  address: string;
  userId?: string | undefined;
  email?: string | undefined;
  /** The device id of a browser in which this account has logged in before. */
  device?: string | undefined;
}

/** Limits the rate of requests to routes that invite guessing or flooding. */
export class RateLimits {
  readonly #limiters = new Map<RateLimit, RateLimiterMemory>();

  constructor() {
    for (const limit of Object.values(rateLimits).flat()) {
      this.#limiters.set(limit, new RateLimiterMemory({ points: limit.count, duration: limit.perSeconds }));
    }
  }

  /**
   * Counts one request. The caller calls the returned function after a success or a server fault: it refunds the limits that
   * count only wrong tries. @throws CodedError `request.tooFrequent`
   */
  async take(route: RouteName, origin: RequestOrigin): Promise<() => Promise<void>> {
    const taken: { limit: RateLimit; giveBack: () => Promise<unknown> }[] = [];
    for (const limit of limitsFor(route, origin)) {
      const key = keyOf(limit.by, origin);
      const limiter = this.#limiters.get(limit);
      if (key === undefined || !limiter) continue;
      try {
        await limiter.consume(key);
      } catch (reason) {
        // A request that a narrow limit refuses must not exhaust a wide limit that many people share.
        await Promise.all(taken.map(({ giveBack }) => giveBack()));
        refuse(reason);
      }
      taken.push({ limit, giveBack: () => limiter.reward(key) });
    }
    return async () => {
      await Promise.all(taken.filter(({ limit }) => limit.countsOnlyWrongTries).map(({ giveBack }) => giveBack()));
    };
  }
}

function limitsFor(route: RouteName, { device }: RequestOrigin): readonly RateLimit[] {
  const all = rateLimits[route] ?? [];
  const ofDevice = all.filter(({ by }) => by === 'device');
  return device !== undefined && ofDevice.length > 0 ? ofDevice : all;
}

function keyOf(by: CountedBy, { address, userId, email, device }: RequestOrigin): string | undefined {
  const group = addressGroup(address);
  const keys = { address: group, account: userId, email, addressAndEmail: email === undefined ? undefined : `${group} ${email}`, device };
  return keys[by];
}

function refuse(reason: unknown): never {
  if (!(reason instanceof RateLimiterRes)) throw reason;
  const retryAfterSeconds = Math.max(1, Math.ceil(reason.msBeforeNext / 1000));
  const minutes = Math.ceil(retryAfterSeconds / 60);
  const wait = retryAfterSeconds < 90 ? `${retryAfterSeconds} seconds` : `${minutes} minutes`;
  throw new CodedError('request.tooFrequent', `Too many attempts. Try again in ${wait}.`, { details: { retryAfterSeconds } });
}
