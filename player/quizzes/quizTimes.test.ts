import { expect, it } from 'vitest';
import { fromZoneInput, toZoneInput } from './quizTimes.ts';

it('A deadline is entered and shown on the clock of the course', () => {
  expect(fromZoneInput('2026-11-30T14:00', 'Europe/Madrid')).toBe('2026-11-30T13:00:00.000Z');
  expect(toZoneInput('2026-11-30T13:00:00.000Z', 'Europe/Madrid')).toBe('2026-11-30T14:00');
  expect(toZoneInput('2026-11-30T13:00:00.000Z', 'America/Lima')).toBe('2026-11-30T08:00');
  expect([toZoneInput(null, 'UTC'), fromZoneInput('', 'UTC')]).toEqual(['', null]);
});
