import { systemClock } from '#engine/kernel';
import type { OpenPersonalSource } from '../personal/PersonalSource.ts';
import { PendingStore } from './PendingStore.ts';
import { RequestStore } from './RequestStore.ts';
import { RosterStore } from './roster/RosterStore.ts';
import { WaitingStore } from './WaitingStore.ts';

/** The person's requests to join courses. */
export const requestPersonalData: OpenPersonalSource = ({ database }) => {
  const requests = new RequestStore(database);
  return {
    name: 'enrolment-requests',
    collections: ['enrolmentRequests'],
    rows: async ({ userId }) => (await requests.ofUser(userId)).map(({ courseId, note, state, createdAt, decidedAt }) => ({ courseId, note, state, createdAt, decidedAt })),
    erase: ({ userId }) => requests.removeUser(userId),
  };
};

/** The waiting lists on which the person is. */
export const waitingPersonalData: OpenPersonalSource = ({ database }) => {
  const waiting = new WaitingStore({ database, clock: systemClock });
  return {
    name: 'waiting-lists',
    collections: ['courseWaiting'],
    rows: async ({ userId }) => (await waiting.ofUser(userId)).map(({ courseId, state, joinedAt }) => ({ courseId, state, joinedAt })),
    erase: ({ userId }) => waiting.removeUser(userId),
  };
};

/** The courses that admit the person's address. */
export const pendingPersonalData: OpenPersonalSource = ({ database }) => {
  const pending = new PendingStore(database);
  return {
    name: 'admissions-by-address',
    collections: ['pendingAdmissions'],
    rows: async ({ email }) => (await pending.ofEmail(email)).map(({ courseId, name, role, createdAt }) => ({ courseId, name, role, createdAt })),
    erase: async ({ userId, email }) => {
      await pending.removeEmail(email);
      await pending.eraseCreator(userId);
    },
  };
};

/** The lists of people that the person has uploaded, and those that name the person. They are kept for a short time. */
export const rosterPersonalData: OpenPersonalSource = ({ database }) => {
  const rosters = new RosterStore(database);
  return {
    name: 'uploaded-lists',
    collections: ['rosterImports', 'rosterBatches'],
    rows: async ({ userId }) => (await rosters.ofUser(userId)).map(({ courseId, createdAt, state, total }) => ({ courseId, createdAt, state, people: total })),
    erase: async ({ userId, email }) => {
      await rosters.removeOfUser(userId);
      await rosters.removeMentioning(email);
    },
  };
};
