import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import jwt from 'jsonwebtoken';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LectureId, RecordingId, UserId } from '../contract/index.ts';
import { systemClock } from './Clock.ts';
import { newId } from './newId.ts';
import { openTokenSigner } from './TokenSigner.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-keys-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('checks the signature of each token once, while ten thousand viewers watch', async () => {
  const signer = await openTokenSigner(folder, systemClock);
  const claims = (of: number) => ({ userId: UserId.parse(newId('usr')), loginId: newId('lgn'), lectureId: LectureId.parse(newId('lec')), recordingId: RecordingId.parse(`rec_${String(of).padStart(20, '0')}`) });
  const tokens = Array.from({ length: 10_001 }, (_, of) => signer.sign('playback', claims(of), 60));
  for (const token of tokens) signer.verify('playback', token);
  const verifying = vi.spyOn(jwt, 'verify');
  for (const token of tokens) signer.verify('playback', token);
  expect(verifying).not.toHaveBeenCalled();
});

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
