import { withoutName } from '#engine';
import type { OpenPersonalSource } from '../personal/PersonalSource.ts';
import { AuditStore } from './AuditStore.ts';

/** What the person did to others. The entries stay after the erasure, with an id that leads nowhere. */
export const auditPersonalData: OpenPersonalSource = ({ database }) => {
  const audit = new AuditStore(database);
  return {
    name: 'audit',
    collections: ['audit'],
    rows: async function* ({ userId }) {
      for await (const { at, action, targetKind, courseId, addressGroup } of audit.ofActor(userId)) yield { at, action, targetKind, courseId, addressGroup };
    },
    erase: ({ userId, email, displayName }) => audit.anonymise(userId, (text) => withoutName(text, { names: [displayName], marks: [email, userId] }, true)),
  };
};
