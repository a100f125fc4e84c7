import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createSecretFile } from '../kernel/secretFiles.ts';
import { systemClock } from '../kernel/Clock.ts';
import { TokenSigner } from '../kernel/TokenSigner.ts';

const fileIn = (dataFolder: string) => path.join(dataFolder, 'secrets', 'token-key.pem');

/** Gives a server that has not started yet its token key, so that a test can sign tokens too. */
export async function putTokenKey(dataFolder: string): Promise<void> {
  await createSecretFile(fileIn(dataFolder), () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
}

/** A signer with the key from `putTokenKey`. */
export async function tokenSignerOf(dataFolder: string): Promise<TokenSigner> {
  return new TokenSigner(createPrivateKey(await readFile(fileIn(dataFolder), 'utf8')), systemClock);
}
