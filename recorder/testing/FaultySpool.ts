import { Spool } from '../capture/Spool.ts';

/** A spool with failures and delays that a test injects into `write`. Without them, it behaves like a spool. */
export class FaultySpool extends Spool {
  readonly #released = Promise.withResolvers<void>();
  /** Error code of every write and probe, such as ENOSPC. */
  failure: string | undefined;
  /** Limits `failure` to one key. */
  failingKey: string | undefined;
  /** Writes do not settle until `release`. */
  isStalled = false;
  /** Calls of `write`. */
  attempts = 0;
  /** Calls of `write` that have failed by `failure`. */
  failures = 0;
  mostParallel = 0;
  #parallel = 0;

  release(): void {
    this.#released.resolve();
  }

  override async probe(): Promise<void> {
    if (this.failure !== undefined) throw Object.assign(new Error('injected failure'), { code: this.failure });
    await super.probe();
  }

  override async write(key: string, bytes: Uint8Array): Promise<void> {
    this.attempts += 1;
    if (this.isStalled) await this.#released.promise;
    if (this.failure !== undefined && (this.failingKey ?? key) === key) {
      this.failures += 1;
      throw Object.assign(new Error('injected failure'), { code: this.failure });
    }
    this.mostParallel = Math.max(this.mostParallel, (this.#parallel += 1));
    await super.write(key, bytes).finally(() => (this.#parallel -= 1));
  }
}
