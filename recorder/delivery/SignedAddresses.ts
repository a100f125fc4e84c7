// Responsible for signing the address of each object once for all viewers who request it within the same seconds: they may
// share it, because it names nobody. Owns the addresses that it has signed.
import { LRUCache } from 'lru-cache';
import type { Clock } from '#engine/kernel';
import { maxSignedAddresses, redirectCacheSeconds, signedAddressReuseSeconds, signedAddressSeconds } from '../limits.ts';
import type { ObjectStore } from '../storage/ObjectStore.ts';

interface SignedAddress {
  address: Promise<string>;
  signedAtMs: number;
}

export class SignedAddresses {
  readonly #store: Pick<ObjectStore, 'presignGet'>;
  readonly #clock: Clock;
  readonly #signed = new LRUCache<string, SignedAddress>({ max: maxSignedAddresses });

  constructor(store: Pick<ObjectStore, 'presignGet'>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** The address, and how long a browser may keep a redirect to it; undefined if the store has no addresses. */
  async of(key: string): Promise<{ address: string; maxAgeSeconds: number } | undefined> {
    const nowMs = this.#clock.nowMs();
    const known = this.#signed.get(key);
    const signed = known && nowMs - known.signedAtMs < signedAddressReuseSeconds * 1000 ? known : this.#sign(key, nowMs);
    if (!signed) return undefined;
    const ageSeconds = Math.ceil((nowMs - signed.signedAtMs) / 1000);
    return { address: await signed.address, maxAgeSeconds: redirectCacheSeconds - ageSeconds };
  }

  #sign(key: string, signedAtMs: number): SignedAddress | undefined {
    const address = this.#store.presignGet(key, signedAddressSeconds);
    if (!address) return undefined;
    const signed = { address, signedAtMs };
    this.#signed.set(key, signed);
    address.catch(() => this.#signed.delete(key));
    return signed;
  }
}
