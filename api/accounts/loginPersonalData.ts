import type { OpenPersonalSource } from '../personal/PersonalSource.ts';

/** The browsers in which the person is logged in. */
export const loginPersonalData: OpenPersonalSource = ({ logins }) => ({
  name: 'logins',
  collections: ['logins'],
  rows: async ({ userId }) => (await logins.ofUser(userId)).map(({ createdAt, lastUsedAt, expiresAt, userAgent, address }) => ({ createdAt, lastUsedAt, expiresAt, userAgent, address })),
  erase: async ({ userId }) => logins.endAllOf(userId),
});
