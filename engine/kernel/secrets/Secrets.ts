import { generateKeyPairSync } from 'node:crypto';
import path from 'node:path';
import type { Clock } from '../Clock.ts';
import type { Database } from '../database/index.ts';
import type { Logger } from '../Logger.ts';
import { randomText } from '../newId.ts';
import { createSecretFile, readSecretFile } from '../secretFiles.ts';
import { SecretStore } from './SecretStore.ts';
import { createSealer } from './Sealer.ts';
import type { Sealer } from './Sealer.ts';
import { SharedSecret } from './SharedSecret.ts';

export interface SecretsOptions {
  database: Database;
  /** For the key that seals the secrets, when no setting has it. */
  secretsFolder: string;
  /** LECTERN_SECRET */
  sealKey: string | undefined;
  rotateAfterMs: number | undefined;
  clock: Clock;
  logger: Logger;
}

/** The secrets of the site. */
export class Secrets {
  /** For secrets of accounts that are stored in the database. */
  readonly sealer: Sealer;
  readonly #options: SecretsOptions;
  readonly #store: SecretStore;
  readonly #opened: SharedSecret[] = [];

  private constructor(options: SecretsOptions, { store, sealer }: { store: SecretStore; sealer: Sealer }) {
    this.#options = options;
    this.#store = store;
    this.sealer = sealer;
  }

  static async open(options: SecretsOptions): Promise<Secrets> {
    const { database, clock, secretsFolder } = options;
    const sealKey = options.sealKey ?? (await createSecretFile(path.join(secretsFolder, 'seal-key'), () => randomText(64)));
    return new Secrets(options, { store: new SecretStore({ database, clock, sealKey }), sealer: createSealer(sealKey) });
  }

  /** The key of all tokens: PKCS #8, PEM. `lifetimeMs`: of the token that is valid longest. */
  tokenKey(lifetimeMs: number): Promise<SharedSecret> {
    const generate = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    return this.#open('token-key', { generate, lifetimeMs, file: 'token-key.pem' });
  }

  /** The key of refresh tokens and device cookies. */
  refreshKey(lifetimeMs: number): Promise<SharedSecret> {
    return this.#open('refresh-key', { generate: () => randomText(64), lifetimeMs, file: 'refresh-key' });
  }

  close(): void {
    for (const secret of this.#opened) secret.close();
  }

  /** `file`: in the secrets folder, where versions before 0.2 have it. Whoever is logged in there stays logged in. */
  async #open(name: string, { generate, lifetimeMs, file }: { generate: () => string; lifetimeMs: number; file: string }): Promise<SharedSecret> {
    const { secretsFolder, rotateAfterMs, clock, logger } = this.#options;
    const earlier = await readSecretFile(path.join(secretsFolder, file));
    if (earlier !== undefined) await this.#store.open(name, () => earlier);
    const secret = await SharedSecret.open({ store: this.#store, name, generate, lifetimeMs, rotateAfterMs, clock, logger });
    this.#opened.push(secret);
    return secret;
  }
}
