import type { Clock } from '../Clock.ts';
import { leaseCertainMs } from '../limits.ts';

/** Why a lease is lost. `taken`: another process has it; `closed`: this process is stopping. */
export type LeaseLossReason = 'taken' | 'closed';

export interface LeaseOptions {
  key: string;
  fence: number;
  clock: Clock;
  /** Other processes may take the lease when it is not renewed. */
  canExpire: boolean;
  /** When the write began that took it. */
  takenAtMs: number;
  /** Called when the last user has released the lease. */
  release: (lease: Lease) => Promise<void>;
}

/**
 * The right to own one object, held by this process. It ends when its users have released it, or by a loss. While it cannot be
 * renewed, nobody knows who holds it: what its fence protects goes on, because a database that refuses the renewal refuses
 * other processes too.
 */
export class Lease {
  readonly key: string;
  /** Every write of the object carries this number. */
  readonly fence: number;
  readonly #options: LeaseOptions;
  readonly #listeners = new Set<(reason: LeaseLossReason) => void>();
  #users = 1;
  #validUntilMs = Infinity;
  #end: LeaseLossReason | 'released' | undefined;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.key = options.key;
    this.fence = options.fence;
    this.extend(options.takenAtMs);
  }

  /** No other process can have it. False from the moment on at which one may have taken it. */
  get isHeld(): boolean {
    return this.#end === undefined && this.#options.clock.nowMs() < this.#validUntilMs;
  }

  /** Another process has it, or its users have given it up. */
  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  /** Calls the listener once, when the lease is lost; at once if it is. A release is no loss. */
  onLost(listener: (reason: LeaseLossReason) => void): () => void {
    if (this.#end !== undefined && this.#end !== 'released') listener(this.#end);
    else this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A renewal that began at this time has succeeded. */
  extend(renewedAtMs: number): void {
    if (this.#options.canExpire) this.#validUntilMs = renewedAtMs + leaseCertainMs;
  }

  lose(reason: LeaseLossReason): void {
    if (this.#end !== undefined) return;
    this.#end = reason;
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
    this.#end = 'released';
    await this.#options.release(this);
  }

}
