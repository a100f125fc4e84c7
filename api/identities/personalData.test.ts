import { expect, it, onTestFinished } from 'vitest';
import { UserId } from '#engine/contract';
import { openTestDatabase } from '#engine/testing';
import { factorPersonalData } from '../factors/factorPersonalData.ts';
import { FactorStore } from '../factors/FactorStore.ts';
import { identityPersonalData } from './identityPersonalData.ts';
import { IdentityStore } from './IdentityStore.ts';

it('what is stored about how a person signs in is exported without secrets, and erased', async () => {
  const database = await openTestDatabase();
  onTestFinished(() => database.close());
  const [sam, sue] = ['usr_00000000000000000001', 'usr_00000000000000000002'].map((id) => UserId.parse(id));
  if (!sam || !sue) throw new Error('two people');
  const [factors, identities] = [new FactorStore(database), new IdentityStore(database)];
  for (const [userId, sign] of [[sam, 'a'], [sue, 'b']] as const) {
    await factors.addTotp({ _id: userId, sealedSecret: 'hidden', lastStep: 1, createdAt: '2026-01-01T00:00:00.000Z' });
    await factors.addPasskey({ userId, credentialId: sign, publicKey: 'hidden', counter: 0, transports: [], name: 'Laptop', createdAt: '2026-01-01T00:00:00.000Z', lastUsedAt: null, isSynced: true });
    await factors.replaceRecoveryCodes(userId, [`hidden ${sign}`]);
    await identities.add({ issuer: 'https://id.example.org', subject: sign, userId, email: null, linkedAt: '2026-01-01T00:00:00.000Z', lastUsedAt: null, grantedRoles: [] });
  }
  const sources = [factorPersonalData({ database }), identityPersonalData({ database })];
  const rowsOf = async (userId: UserId) => (await Promise.all(sources.map((source) => source.rows({ userId })))).flat();
  expect(await rowsOf(sam)).toHaveLength(4);
  expect(JSON.stringify(await rowsOf(sam))).not.toContain('hidden');
  for (const source of sources) await source.erase({ userId: sam });
  expect(await rowsOf(sam)).toEqual([]);
  expect(await rowsOf(sue)).toHaveLength(4);
});
