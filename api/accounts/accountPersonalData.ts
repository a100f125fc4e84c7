import { ImageSize } from '../contract/index.ts';
import { imageKey } from '../images/Images.ts';
import type { OpenPersonalSource } from '../personal/PersonalSource.ts';
import { AccountStore } from './AccountStore.ts';

/** The account itself, with its picture. */
export const accountPersonalData: OpenPersonalSource = ({ database, bus, objects }) => {
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
    files: async ({ userId }) => {
      const avatarId = (await accounts.find(userId))?.avatarId;
      return avatarId == null ? [] : [{ name: 'avatar.webp', open: async () => (await objects.get(imageKey(avatarId, 'large'))).body }];
    },
    erase: async ({ userId }) => {
      const avatarId = (await accounts.find(userId))?.avatarId;
      if (avatarId != null) await objects.deleteMany(ImageSize.options.map((size) => imageKey(avatarId, size)));
      await accounts.erase(userId, bus);
    },
  };
};
