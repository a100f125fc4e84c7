import type { Clock } from '../Clock.ts';
import { leaseLetGoAfterMs } from '../limits.ts';

/** Why a lease is lost. `expired`: it could not be renewed in time; `taken`: another process has it. */
export type LeaseLossReason = 'expired' | 'taken';

export interface LeaseOptions {
  key: string;
  fence: number;
  clock: Clock;
  /** Another process may take the lease when it is not renewed. */
  canExpire: boolean;
  /** When the write began that took it. */
  takenAtMs: number;
  /** Called when the last user has released the lease. */
  release: (lease: Lease) => Promise<void>;
}

/**
 * The right to own one object, held by this process. It ends when its users have released it, or by a loss. Owns the timer of
 * its expiry.
 */
export class Lease {
  readonly key: string;
  /** Every write of the object carries this number. */
  readonly fence: number;
  readonly #options: LeaseOptions;
  readonly #listeners = new Set<(reason: LeaseLossReason) => void>();
  #users = 1;
  #validUntilMs = Infinity;
  #cancelExpiry: () => void = () => undefined;
  #end: LeaseLossReason | 'released' | undefined;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.key = options.key;
    this.fence = options.fence;
    this.extend(options.takenAtMs);
  }

  /** False from the moment on at which another process may have it, even if the listeners were not called yet. */
  get isHeld(): boolean {
    return this.#end === undefined && this.#options.clock.nowMs() < this.#validUntilMs;
  }

  /** Calls the listener once, when the lease is lost; at once if it is. A release is no loss. */
  onLost(listener: (reason: LeaseLossReason) => void): () => void {
    if (this.#end !== undefined && this.#end !== 'released') listener(this.#end);
    else this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A renewal that began at this time has succeeded. */
  extend(renewedAtMs: number): void {
    const { canExpire, clock } = this.#options;
    if (this.#end !== undefined || !canExpire) return;
    this.#validUntilMs = renewedAtMs + leaseLetGoAfterMs;
    this.#cancelExpiry();
    this.#cancelExpiry = clock.after(Math.max(0, this.#validUntilMs - clock.nowMs()), () => this.lose('expired'));
  }

  lose(reason: LeaseLossReason): void {
    if (this.#end !== undefined) return;
    this.#finish(reason);
    for (const listener of [...this.#listeners]) listener(reason);
    this.#listeners.clear();
  }

  /** Another part of the process uses the lease too, and releases it. */
  share(): this {
    this.#users += 1;
    return this;
  }

  /** Each user calls it once. The last call gives the lease up; it does nothing after a loss. */
  async release(): Promise<void> {
    this.#users -= 1;
    if (this.#users > 0 || this.#end !== undefined) return;
    this.#finish('released');
    await this.#options.release(this);
  }

  #finish(end: LeaseLossReason | 'released'): void {
    this.#end = end;
    this.#cancelExpiry();
  }
}
