import { generateKeyPairSync } from 'node:crypto';
import path from 'node:path';
import type { Clock } from '../Clock.ts';
import type { Database } from '../database/index.ts';
import type { Logger } from '../Logger.ts';
import { randomText } from '../newId.ts';
import { createSecretFile, readSecretFile } from '../secretFiles.ts';
import { SecretStore } from './SecretStore.ts';
import { seal, unseal } from './sealing.ts';
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

export interface Sealer {
  readonly seal: (text: string) => string;
  /** @throws Error when it was sealed with another key, as something else, or is damaged */
  readonly open: (sealed: string) => string;
}

/** The secrets of the site. */
export class Secrets {
  readonly #options: SecretsOptions;
  readonly #store: SecretStore;
  readonly #sealKey: string;
  readonly #opened: SharedSecret[] = [];

  private constructor(options: SecretsOptions, { store, sealKey }: { store: SecretStore; sealKey: string }) {
    this.#options = options;
    this.#sealKey = sealKey;
    this.#store = store;
  }

  static async open(options: SecretsOptions): Promise<Secrets> {
    const { database, clock, secretsFolder } = options;
    const sealKey = options.sealKey ?? (await createSecretFile(path.join(secretsFolder, 'seal-key'), () => randomText(64)));
    return new Secrets(options, { store: new SecretStore({ database, clock, sealKey }), sealKey });
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

  /** Seals what is stored and needed in clear later. `context`: what it is, so that it cannot be opened as something else. */
  sealer(context: string): Sealer {
    const sealKey = this.#sealKey;
    return { seal: (text) => seal(text, { sealKey, context }), open: (sealed) => unseal(sealed, { sealKey, context }) };
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
