import { expect, it } from 'vitest';
import { ManualClock } from '#engine/testing';
import { redirectCacheSeconds, signedAddressReuseSeconds } from '../limits.ts';
import { SignedAddresses } from './SignedAddresses.ts';

function signedAddresses(presignGet: (key: string, seconds: number) => Promise<string> | undefined) {
  const clock = new ManualClock();
  return { clock, addresses: new SignedAddresses({ presignGet }, clock) };
}

it('signs an address once for all who request it within some seconds, and shortens the redirects to it', async () => {
  let count = 0;
  const { clock, addresses } = signedAddresses(async (key) => `https://store.example.org/${key}?signature=${(count += 1)}`);
  const first = await Promise.all([addresses.of('a'), addresses.of('a')]);
  expect(first.map((one) => one?.address)).toEqual(Array(2).fill('https://store.example.org/a?signature=1'));
  expect(first[0]?.maxAgeSeconds).toBe(redirectCacheSeconds);
  clock.advance(signedAddressReuseSeconds * 1000 - 1);
  expect(await addresses.of('a')).toEqual({ address: 'https://store.example.org/a?signature=1', maxAgeSeconds: redirectCacheSeconds - signedAddressReuseSeconds });
  expect((await addresses.of('b'))?.address).toContain('signature=2');
  clock.advance(1);
  expect(await addresses.of('a')).toEqual({ address: 'https://store.example.org/a?signature=3', maxAgeSeconds: redirectCacheSeconds });
});

it('signs again after a failure', async () => {
  const results = [Promise.reject(new Error('no credentials')), Promise.resolve('https://store.example.org/a')];
  const { addresses } = signedAddresses(() => results.shift());
  await expect(addresses.of('a')).rejects.toThrow('no credentials');
  expect((await addresses.of('a'))?.address).toBe('https://store.example.org/a');
});

it('has none for a store without addresses', async () => {
  expect(await signedAddresses(() => undefined).addresses.of('a')).toBeUndefined();
});
