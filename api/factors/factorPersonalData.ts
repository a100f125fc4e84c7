import type { UserId } from '#engine/contract';
import type { Database } from '#engine/kernel';
import { FactorStore } from './FactorStore.ts';

/** What the second factors hold about a person, for the export and the erasure of personal data. No secret, key or hash is exported. */
export const factorPersonalData = ({ database }: { database: Database }) => {
  const store = new FactorStore(database);
  return {
    name: 'second-factors',
    collections: ['totpFactors', 'passkeys', 'recoveryCodes'],
    rows: async ({ userId }: { userId: UserId }): Promise<object[]> => {
      const [app, passkeys, recoveryCodesLeft] = await Promise.all([store.findTotp(userId), store.passkeysOf(userId), store.countRecoveryCodes(userId)]);
      return [
        ...(app ? [{ kind: 'authenticatorApp', createdAt: app.createdAt }] : []),
        ...passkeys.map(({ name, createdAt, lastUsedAt, isSynced }) => ({ kind: 'passkey', name, createdAt, lastUsedAt, isSynced })),
        ...(recoveryCodesLeft > 0 ? [{ kind: 'recoveryCodes', left: recoveryCodesLeft }] : []),
      ];
    },
    erase: ({ userId }: { userId: UserId }): Promise<void> => store.removeAll(userId),
  };
};
