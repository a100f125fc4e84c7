// Responsible for one secret as this process uses it: which version signs now and which are accepted. Follows rotations by
// any process. Owns the timer of its reads.
import { background } from '../background.ts';
import type { Clock } from '../Clock.ts';
import type { Logger } from '../Logger.ts';
import { ageCheckMs, reloadIntervalMs } from './limits.ts';
import type { SecretStore, SecretVersion } from './SecretStore.ts';

export interface SharedSecretOptions {
  store: SecretStore;
  name: string;
  generate: () => string;
  /** Milliseconds for which something that it has signed may be valid. */
  lifetimeMs: number;
  /** Milliseconds after which a new version is created; undefined: never by itself. */
  rotateAfterMs: number | undefined;
  clock: Clock;
  logger: Logger;
}

export class SharedSecret {
  readonly #options: SharedSecretOptions;
  #versions: readonly SecretVersion[];
  #nextAgeCheckMs = 0;
  #cancelReload = (): void => undefined;

  private constructor(options: SharedSecretOptions, versions: readonly SecretVersion[]) {
    this.#options = options;
    this.#versions = versions;
  }

  static async open(options: SharedSecretOptions): Promise<SharedSecret> {
    const secret = new SharedSecret(options, await options.store.open(options.name, options.generate));
    await secret.#rotateWhenOld();
    secret.#scheduleReload();
    return secret;
  }

  /** The version that signs now. */
  current(): SecretVersion {
    const nowMs = this.#options.clock.nowMs();
    const active = this.#versions.find(({ activeFromMs }) => activeFromMs <= nowMs) ?? this.#versions.at(-1);
    if (!active) throw new Error(`the secret ${this.#options.name} has no version`);
    return active;
  }

  /** The versions whose signatures are accepted now, also one that is not used yet; the newest first. */
  accepted(): readonly SecretVersion[] {
    const nowMs = this.#options.clock.nowMs();
    return this.#versions.filter(({ acceptedUntilMs }) => acceptedUntilMs === null || acceptedUntilMs > nowMs);
  }

  /** Creates a new version, which is used in a minute. */
  async rotate(): Promise<void> {
    const { store, name, generate, lifetimeMs } = this.#options;
    await store.rotate(name, { generate, lifetimeMs });
    await this.reload();
  }

  /** Reads the versions again. */
  async reload(): Promise<void> {
    this.#versions = (await this.#options.store.read(this.#options.name)) ?? this.#versions;
  }

  close(): void {
    this.#cancelReload();
  }

  #scheduleReload(): void {
    const { clock, logger } = this.#options;
    this.#cancelReload = clock.after(reloadIntervalMs, () => {
      this.#scheduleReload();
      background('secrets.reload', this.#rotateWhenOld().then(() => this.reload()), logger);
    });
  }

  async #rotateWhenOld(): Promise<void> {
    const { store, name, generate, lifetimeMs, rotateAfterMs, clock } = this.#options;
    if (rotateAfterMs === undefined || clock.nowMs() < this.#nextAgeCheckMs) return;
    this.#nextAgeCheckMs = clock.nowMs() + ageCheckMs;
    await store.rotate(name, { generate, lifetimeMs, olderThanMs: rotateAfterMs });
  }
}
