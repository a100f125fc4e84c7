import { CodedError } from '#engine/contract';
import type { Clock, RateLimiter, RateLimiters } from '#engine/kernel';
import type { RouteName } from '../contract/index.ts';
import { maxSlowedWaitMs, rateLimits, slowedIntervalMs } from '../limits.ts';
import type { CountedBy, RateLimit } from '../limits.ts';
import type { CurrentSettings } from '../settings/index.ts';
import { addressGroup } from './addressGroup.ts';
import { SlowLane } from './SlowLane.ts';

export interface RequestOrigin {
  address: string;
  userId?: string | undefined;
  email?: string | undefined;
  /** The device id of a browser in which this account has logged in before. */
  device?: string | undefined;
  /** The login of a refresh token with a valid signature. */
  loginId?: string | undefined;
}

export interface RateLimitsOptions {
  clock: Clock;
  limiters: RateLimiters;
  settings: CurrentSettings;
}

/**
 * Limits the rate of requests to routes that invite guessing or flooding. Beyond a limit of one person, requests are refused;
 * beyond a limit that strangers share, requests are delayed.
 */
export class RateLimits {
  readonly #limiters = new Map<RateLimit, RateLimiter>();
  readonly #slowLane: SlowLane;
  readonly #settings: CurrentSettings;

  constructor({ clock, limiters, settings }: RateLimitsOptions) {
    this.#settings = settings;
    this.#slowLane = new SlowLane({ clock, intervalMs: slowedIntervalMs, maxWaitMs: maxSlowedWaitMs });
    for (const [route, limits] of Object.entries(rateLimits)) {
      for (const limit of limits) this.#limiters.set(limit, limiters.open(`${route}.${limit.by}`, { burst: limit.count, perSecond: limit.count / limit.perSeconds }));
    }
  }

  /**
   * Counts one request, and delays it if strangers behind the same address send too many. After a success or a server fault, the
   * caller calls the returned function: it refunds the limits that count only wrong tries.
   * @throws CodedError `request.tooFrequent`, `server.busy`
   */
  async take(route: RouteName, origin: RequestOrigin): Promise<() => Promise<void>> {
    // Each process has the same buckets; a request takes more or less of them.
    const cost = 100 / this.#settings.current.rateLimitPercent;
    const taken: { limit: RateLimit; giveBack: () => Promise<void> }[] = [];
    for (const limit of limitsFor(route, origin)) {
      const key = keyOf(limit.by, origin);
      const limiter = this.#limiters.get(limit);
      if (key === undefined || !limiter) continue;
      const decision = await limiter.take(key, cost);
      if (!decision.isAllowed && limit.isSlowedBeyond) {
        await this.#slowLane.pass(`${route} ${key}`);
        continue;
      }
      if (!decision.isAllowed) {
        // A request that a narrow limit refuses must not exhaust a wide limit that many people share.
        await Promise.all(taken.map(({ giveBack }) => giveBack()));
        throw refusal(decision.retryAfterMs);
      }
      taken.push({ limit, giveBack: () => limiter.giveBack(key, cost) });
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

function keyOf(by: CountedBy, { address, userId, email, device, loginId }: RequestOrigin): string | undefined {
  const group = addressGroup(address);
  const keys = { address: group, account: userId, email, addressAndEmail: email === undefined ? undefined : `${group} ${email}`, device, login: loginId };
  return keys[by];
}

function refusal(retryAfterMs: number): CodedError {
  const retryAfterSeconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  const minutes = Math.ceil(retryAfterSeconds / 60);
  const wait = retryAfterSeconds < 90 ? `${retryAfterSeconds} seconds` : `${minutes} minutes`;
  return new CodedError('request.tooFrequent', `Too many attempts. Try again in ${wait}.`, { details: { retryAfterSeconds } });
}
