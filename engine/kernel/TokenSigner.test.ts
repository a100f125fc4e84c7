import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from './Clock.ts';
import { openTokenSigner } from './TokenSigner.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-keys-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('openTokenSigner', () => {
  it('keeps its key in a file that only the owner can read', async () => {
    const first = await openTokenSigner(folder, systemClock);
    expect((await stat(path.join(folder, 'token-key.pem'))).mode & 0o077).toBe(0);
    expect((await openTokenSigner(folder, systemClock)).jwks()).toEqual(first.jwks());
  });

  it('names the key file when it is damaged', async () => {
    await writeFile(path.join(folder, 'token-key.pem'), 'not a key');
    await expect(openTokenSigner(folder, systemClock)).rejects.toThrow(/^The key .+token-key\.pem is damaged: /);
  });
});
