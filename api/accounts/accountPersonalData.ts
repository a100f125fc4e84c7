import type { OpenPersonalSource } from '../personal/PersonalSource.ts';
import { AccountStore } from './AccountStore.ts';

/** The account itself. */
export const accountPersonalData: OpenPersonalSource = ({ database, bus }) => {
  const accounts = new AccountStore(database);
  return {
    name: 'account',
    collections: ['users'],
    rows: async ({ userId }) => {
      const row = await accounts.find(userId);
      if (!row) return [];
      const { passwordHash: _, isAdmin: __, ...account } = row;
      return [account];
    },
    erase: async ({ userId }) => accounts.erase(userId, bus),
  };
};
