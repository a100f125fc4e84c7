import type { OpenPersonalSource } from '../personal/PersonalSource.ts';
import { CalendarFeedStore } from './CalendarFeedStore.ts';

/** The calendar feeds of the person. */
export const calendarPersonalData: OpenPersonalSource = ({ database }) => {
  const feeds = new CalendarFeedStore(database);
  return {
    name: 'calendar-feeds',
    collections: ['calendarFeeds'],
    rows: async ({ userId }) => (await feeds.ofUser(userId)).map(({ courseId, createdAt }) => ({ courseId, createdAt })),
    erase: ({ userId }) => feeds.removeAll(userId),
  };
};
