import { expect, it } from 'vitest';
import { moveWeeks } from './moveWeeks.ts';

it.each([
  ['stays in UTC', '2026-10-20T08:00:00.000Z', 2, 'UTC', '2026-11-03T08:00:00.000Z'],
  ['gains an hour of UTC when the clocks go back', '2026-10-20T08:00:00.000Z', 1, 'Europe/Berlin', '2026-10-27T09:00:00.000Z'],
  ['loses an hour of UTC when they go forward', '2026-03-23T09:00:00.000Z', 1, 'Europe/Berlin', '2026-03-30T08:00:00.000Z'],
  ['moves back as well', '2026-10-27T09:00:00.000Z', -1, 'Europe/Berlin', '2026-10-20T08:00:00.000Z'],
  ['follows the other hemisphere', '2026-09-29T00:00:00.000Z', 1, 'Australia/Sydney', '2026-10-05T23:00:00.000Z'],
  ['is an hour later where the clocks leave its hour out', '2026-03-22T01:30:00.000Z', 1, 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
  ['is right in the last hour before a change', '2026-10-18T22:30:00.000Z', 1, 'Europe/Berlin', '2026-10-25T23:30:00.000Z'],
  ['moves by terms', '2026-04-13T08:15:00.000Z', 27, 'Europe/Berlin', '2026-10-19T08:15:00.000Z'],
])('A time on the wall %s', (...[, instant, weeks, timeZone, moved]) => {
  expect(moveWeeks(instant, weeks, timeZone)).toBe(moved);
});
