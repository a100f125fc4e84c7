import { generateKeyPairSync } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { describe, expect, it, vi } from 'vitest';
import { RecordingId, UserId, VideoId } from '../contract/index.ts';
import { ManualClock } from '../testing/ManualClock.ts';
import { systemClock } from './Clock.ts';
import { newId } from './newId.ts';
import { TokenSigner } from './TokenSigner.ts';
import type { TokenKey } from './TokenSigner.ts';

const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const keyOf = (id: string): TokenKey => ({ id, value: newKey().export({ type: 'pkcs8', format: 'pem' }).toString() });
const claims = (of = 0) => ({ videoId: VideoId.parse(newId('vid')), viewer: { userId: UserId.parse(newId('usr')), loginId: newId('lgn') }, recordingId: RecordingId.parse(`rec_${String(of).padStart(20, '0')}`) });

it('checks the signature of each token once, while ten thousand viewers watch', () => {
  const signer = new TokenSigner(newKey(), systemClock);
  const tokens = Array.from({ length: 10_001 }, (_, of) => signer.sign('playback', claims(of), 60));
  for (const token of tokens) signer.verify('playback', token);
  const verifying = vi.spyOn(jwt, 'verify');
  for (const token of tokens) signer.verify('playback', token);
  expect(verifying).not.toHaveBeenCalled();
});

describe('A signer whose keys rotate', () => {
  it('signs with the current key and verifies with all that are accepted', () => {
    const clock = new ManualClock();
    const [old, next] = [keyOf('old'), keyOf('next')];
    const keys = { current: old, accepted: [next, old] };
    const signerWith = () => new TokenSigner({ current: () => keys.current, accepted: () => keys.accepted }, clock);
    const first = signerWith().sign('playback', claims(), 60);
    keys.current = next;
    const second = signerWith().sign('playback', claims(), 60);
    for (const token of [first, second]) expect(signerWith().verify('playback', token)).toBeDefined();
    expect(signerWith().jwks().keys).toHaveLength(2);
    keys.accepted = [next];
    expect(() => signerWith().verify('playback', first)).toThrow(expect.objectContaining({ code: 'auth.invalid' }) as Error);
    expect(signerWith().verify('playback', second)).toBeDefined();
  });

  it('accepts no token that names an accepted key and is signed with another', () => {
    const [mine, theirs] = [newKey(), newKey()];
    const signer = new TokenSigner(mine, systemClock);
    const { kid } = signer.jwks().keys[0] ?? { kid: '' };
    const forged = jwt.sign({ ...claims(), iat: 0, exp: 9_999_999_999 }, theirs, { algorithm: 'ES256', audience: 'playback', issuer: 'lectern', keyid: kid });
    expect(() => signer.verify('playback', forged)).toThrow(expect.objectContaining({ code: 'auth.invalid' }) as Error);
  });

  it('names a key that is damaged', () => {
    const damaged = { id: 'key_1', value: 'not a key' };
    expect(() => new TokenSigner({ current: () => damaged, accepted: () => [damaged] }, systemClock)).toThrow(/^The token key key_1 is damaged: /);
  });
});
