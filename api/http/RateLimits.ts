import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { CodedError } from '#engine/contract';
import type { RouteName } from '../contract/index.ts';
import { addressGroup } from './addressGroup.ts';

/** What requests are counted by. */
type CountedBy = 'address' | 'account' | 'email' | 'addressAndEmail' | 'device';

interface Limit {
  by: CountedBy;
  count: number;
  perSeconds: number;
  /** Counts only attempts that failed because of the caller. */
  countsOnlyWrongTries?: boolean;
}

/**
 * A whole campus may share one address, so limits by address are wide and limits by account are narrow. A known device is
 * subject to its own limit only, so that nobody else can exhaust it. Limits by address are checked first: a refused address
 * must not fill the memory with invented accounts.
 */
const limits: { readonly [N in RouteName]?: readonly Limit[] } = {
  completeSetup: [{ by: 'address', count: 20, perSeconds: 900 }],
  signup: [{ by: 'address', count: 1000, perSeconds: 3600 }],
  login: [
    { by: 'device', count: 10, perSeconds: 900, countsOnlyWrongTries: true },
    { by: 'address', count: 300, perSeconds: 900, countsOnlyWrongTries: true },
    { by: 'addressAndEmail', count: 10, perSeconds: 900, countsOnlyWrongTries: true },
    { by: 'email', count: 100, perSeconds: 3600, countsOnlyWrongTries: true },
  ],
  refresh: [{ by: 'address', count: 6000, perSeconds: 600 }],
  updateProfile: [{ by: 'account', count: 20, perSeconds: 900 }],
  enrol: [{ by: 'account', count: 20, perSeconds: 600 }],
  joinLecture: [
    { by: 'address', count: 6000, perSeconds: 60 },
    { by: 'account', count: 60, perSeconds: 60 },
  ],
  saveProgress: [{ by: 'account', count: 120, perSeconds: 60 }],
};

export interface RequestOrigin {
  address: string;
  userId?: string | undefined;
  email?: string | undefined;
  /** The device id of a browser in which this account has logged in before. */
  device?: string | undefined;
}

/** Limits the rate of requests to routes that invite guessing or flooding. */
export class RateLimits {
  readonly #limiters = new Map<Limit, RateLimiterMemory>();

  constructor() {
    for (const limit of Object.values(limits).flat()) {
      this.#limiters.set(limit, new RateLimiterMemory({ points: limit.count, duration: limit.perSeconds }));
    }
  }

  /** Counts one request. The returned function refunds it, after a success or a server fault. @throws CodedError `request.tooFrequent` */
  async take(route: RouteName, origin: RequestOrigin): Promise<() => Promise<void>> {
    const taken: { limit: Limit; giveBack: () => Promise<unknown> }[] = [];
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

function limitsFor(route: RouteName, { device }: RequestOrigin): readonly Limit[] {
  const all = limits[route] ?? [];
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
