import { systemClock } from '#engine/kernel';
import type { OpenPersonalSource } from '../personal/PersonalSource.ts';
import { AccountLinks } from './AccountLinks.ts';
import { AddressChanges } from './AddressChanges.ts';

/** The links in mails to the person that are valid. */
export const linkPersonalData: OpenPersonalSource = ({ database }) => {
  const links = new AccountLinks({ database, clock: systemClock });
  return {
    name: 'links',
    collections: ['accountLinks'],
    rows: async ({ userId }) => (await links.ofUser(userId)).map(({ purpose, address, createdAt, expiresAt }) => ({ purpose, address, createdAt, expiresAt })),
    erase: ({ userId }) => links.end(userId),
  };
};

/** The change of address that is in progress. */
export const addressChangePersonalData: OpenPersonalSource = ({ database }) => {
  const changes = new AddressChanges({ database, clock: systemClock });
  return {
    name: 'address-change',
    collections: ['addressChanges'],
    rows: async ({ userId }) => {
      const change = await changes.ofUser(userId);
      return change ? [{ oldEmail: change.oldEmail, newEmail: change.newEmail, createdAt: change.createdAt, expiresAt: change.expiresAt }] : [];
    },
    erase: ({ userId }) => changes.end(userId),
  };
};
