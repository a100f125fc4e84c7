import type { IndexDefinition } from '../kernel/database/index.ts';
import type { EventRow } from './LectureLog.ts';

/** The people in the data of an event. */
export interface LoggedPeople {
  userId?: string;
  byUserId?: string;
  displayName?: string;
  role?: string;
  message?: { userId: string; displayName: string; role: string; text: string };
}

export type PersonalEventRow = Omit<EventRow, 'data'> & { data: LoggedPeople };

/** Where the data of an event names a user. */
export const personPaths = ['data.userId', 'data.byUserId', 'data.message.userId'] as const;

const indexes: readonly IndexDefinition<PersonalEventRow>[] = [
  { keys: { lectureId: 1, seq: 1 }, unique: true },
  { keys: { lectureId: 1, type: 1, seq: 1 } },
  // The export and the erasure of one person's data.
  ...personPaths.map((path) => ({ keys: { [path]: 1 }, sparse: true })),
];

/** The collection `lectureEvents`. */
export const personalEvents = { name: 'lectureEvents', indexes };

/** The same collection, for rows whose data is not looked into. */
export const eventIndexes = indexes as readonly IndexDefinition<EventRow>[];
