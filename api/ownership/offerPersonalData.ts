import type { OpenPersonalSource } from '../personal/PersonalSource.ts';
import { OfferStore } from './OfferStore.ts';

/** The courses that the person offers, or is offered. */
export const offerPersonalData: OpenPersonalSource = ({ database }) => {
  const offers = new OfferStore(database);
  return {
    name: 'course-offers',
    collections: ['courseOffers'],
    rows: async ({ userId }) => (await offers.ofUser(userId)).map(({ _id, toUserId, createdAt, expiresAt }) => ({ courseId: _id, isOfferedToYou: toUserId === userId, createdAt, expiresAt })),
    erase: ({ userId }) => offers.removeUser(userId),
  };
};
