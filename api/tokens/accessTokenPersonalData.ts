import type { OpenPersonalSource } from '../personal/PersonalSource.ts';
import { AccessTokenStore } from './AccessTokenStore.ts';

/** The access tokens that a person has made. */
export const accessTokenPersonalData: OpenPersonalSource = ({ database }) => {
  const store = new AccessTokenStore(database);
  return {
    name: 'access-tokens',
    collections: ['accessTokens'],
    rows: async ({ userId }) => (await store.ofUser(userId)).map(({ name, scopes, hint, createdAt, expiresAt, lastUsedAt }) => ({ name, scopes, hint, createdAt, expiresAt, lastUsedAt })),
    erase: ({ userId }) => store.removeAllOf(userId),
  };
};
