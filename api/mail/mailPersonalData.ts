import type { OpenPersonalSource } from '../personal/PersonalSource.ts';
import { MailStore } from './MailStore.ts';

/** The mails to the person that are not sent yet. */
export const mailPersonalData: OpenPersonalSource = ({ database }) => {
  const mails = new MailStore(database);
  return {
    name: 'mails',
    collections: ['mails'],
    rows: async ({ userId }) => (await mails.ofUser(userId)).map(({ template, to, about, createdAt }) => ({ template, to, about, createdAt })),
    erase: async ({ userId, email }) => {
      await mails.removeAllOf(userId);
      await mails.removeAllTo(email);
    },
  };
};
