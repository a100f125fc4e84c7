import type { UserId } from '#engine/contract';
import type { Database } from '#engine/kernel';
import { IdentityStore } from './IdentityStore.ts';

/** The linked accounts of a person at outside platforms, for the export and the erasure of personal data. */
export const identityPersonalData = ({ database }: { database: Database }) => {
  const store = new IdentityStore(database);
  return {
    name: 'linked-accounts',
    collections: ['identities'],
    rows: async ({ userId }: { userId: UserId }): Promise<object[]> => (await store.ofUser(userId)).map(({ issuer, subject, email, linkedAt, lastUsedAt }) => ({ issuer, subject, email, linkedAt, lastUsedAt })),
    erase: ({ userId }: { userId: UserId }): Promise<void> => store.removeAllOf(userId),
  };
};
