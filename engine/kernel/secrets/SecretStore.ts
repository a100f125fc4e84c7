// Responsible for the secrets that all processes of a site share: created once, whichever process is first, and rotated without
// invalidating what was signed before. They are sealed with a key that is not in the database. Owns the collection `secrets`.
import { DuplicateKeyError } from '../database/index.ts';
import type { Collection, Database } from '../database/index.ts';
import type { Clock } from '../Clock.ts';
import { newId } from '../newId.ts';
import { activationDelayMs } from './limits.ts';
import { seal, unseal } from './sealing.ts';

interface StoredVersion {
  id: string;
  sealed: string;
  createdAtMs: number;
  /** It is used from then on, until a newer one is. */
  activeFromMs: number;
  /** What it has signed is accepted until then; null while no newer one exists. */
  acceptedUntilMs: number | null;
}

interface SecretRow {
  _id: string;
  /** Counts the changes. */
  revision: number;
  /** The newest first. */
  versions: StoredVersion[];
}

export type SecretVersion = Omit<StoredVersion, 'sealed'> & { value: string };

export interface SecretStoreOptions {
  database: Database;
  clock: Clock;
  /** Seals the secrets; the same in every process. */
  sealKey: string;
}

export class SecretStore {
  readonly #rows: Collection<SecretRow>;
  readonly #clock: Clock;
  readonly #sealKey: string;

  constructor({ database, clock, sealKey }: SecretStoreOptions) {
    this.#rows = database.collection<SecretRow>({ name: 'secrets', indexes: [] });
    this.#clock = clock;
    this.#sealKey = sealKey;
  }

  /** The versions of a secret, the newest first. When there is none, it is created, once for all processes. */
  async open(name: string, generate: () => string): Promise<SecretVersion[]> {
    const known = await this.read(name);
    if (known) return known;
    const nowMs = this.#clock.nowMs();
    try {
      await this.#rows.insertOne({ _id: name, revision: 1, versions: [this.#version(name, { value: generate(), nowMs, activeFromMs: nowMs })] });
    } catch (err) {
      if (!(err instanceof DuplicateKeyError)) throw err;
    }
    const created = await this.read(name);
    if (!created) throw new Error(`the secret ${name} was removed while it was created`);
    return created;
  }

  /** @throws Error when the secrets were sealed with another key */
  async read(name: string): Promise<SecretVersion[] | undefined> {
    const row = await this.#rows.findOne({ _id: name });
    return row?.versions.map(({ sealed, ...version }) => ({ ...version, value: this.#unseal(name, sealed) }));
  }

  /**
   * Adds a version, which is used in a minute, unless another process has just done so. The earlier ones are accepted for
   * `lifetimeMs` longer: that of what they have signed.
   */
  async rotate(name: string, { generate, lifetimeMs, olderThanMs = 0 }: { generate: () => string; lifetimeMs: number; olderThanMs?: number }): Promise<void> {
    const row = await this.#rows.findOne({ _id: name });
    const nowMs = this.#clock.nowMs();
    const [newest] = row?.versions ?? [];
    if (!row || !newest || nowMs - newest.createdAtMs < olderThanMs) return;
    const activeFromMs = nowMs + activationDelayMs;
    const earlier = row.versions
      .map((version) => ({ ...version, acceptedUntilMs: version.acceptedUntilMs ?? activeFromMs + lifetimeMs }))
      .filter(({ acceptedUntilMs }) => acceptedUntilMs > nowMs);
    const versions = [this.#version(name, { value: generate(), nowMs, activeFromMs }), ...earlier];
    await this.#rows.updateOne({ _id: name, revision: row.revision }, { $set: { versions }, $inc: { revision: 1 } });
  }

  #version(name: string, { value, nowMs, activeFromMs }: { value: string; nowMs: number; activeFromMs: number }): StoredVersion {
    return { id: newId('key'), sealed: seal(value, { sealKey: this.#sealKey, context: name }), createdAtMs: nowMs, activeFromMs, acceptedUntilMs: null };
  }

  #unseal(name: string, sealed: string): string {
    try {
      return unseal(sealed, { sealKey: this.#sealKey, context: name });
    } catch (cause) {
      throw new Error('The secrets in the database cannot be opened with this key. Set LECTERN_SECRET to the value that the other servers have, or restore secrets/seal-key from a backup of the data folder.', { cause });
    }
  }
}
