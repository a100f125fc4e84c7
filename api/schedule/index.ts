export { CoursePlanner } from './CoursePlanner.ts';
export { localDate, momentOf, timeZoneOf } from './localTime.ts';
export { scheduleHandlers } from './scheduleHandlers.ts';
export { SeriesPlanner } from './SeriesPlanner.ts';
export { SeriesStore } from './SeriesStore.ts';
