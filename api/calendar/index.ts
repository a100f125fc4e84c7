export { calendarHandlers } from './calendarHandlers.ts';
export { CalendarFeeds } from './CalendarFeeds.ts';
export type { CalendarRequest, CalendarResponse } from './CalendarFeeds.ts';
export { CalendarFeedStore } from './CalendarFeedStore.ts';
export { CancelledLectures } from './CancelledLectures.ts';
