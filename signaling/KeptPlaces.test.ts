import { expect, it } from 'vitest';
import type { MediaCloseReason } from '#engine';
import { LectureId, UserId } from '#engine/contract';
import { newId } from '#engine/kernel';
import { ManualClock } from '#engine/testing';
import { KeptPlaces } from './KeptPlaces.ts';
import { placeKeptMs } from './limits.ts';

const lecture = LectureId.parse(newId('lec'));
const [noor, mateo] = [UserId.parse(newId('usr')), UserId.parse(newId('usr'))];

/** A transport that the test closes. */
function openTransport() {
  const listeners: ((reason: MediaCloseReason) => void)[] = [];
  return {
    onClosed: (listener: (reason: MediaCloseReason) => void) => {
      listeners.push(listener);
      return () => undefined;
    },
    close: () => listeners.forEach((listener) => listener('participantLeft')),
  };
}

it('keeps a place while its transports are open and for two minutes after the last one, in that lecture', () => {
  const clock = new ManualClock();
  const places = new KeptPlaces(clock);
  const [first, second] = [openTransport(), openTransport()];
  places.take(lecture, noor, first);
  places.take(lecture, noor, second);
  expect([places.has(lecture, noor), places.has(lecture, mateo), places.has(LectureId.parse(newId('lec')), noor)]).toEqual([true, false, false]);
  first.close();
  clock.advance(10 * placeKeptMs);
  expect(places.has(lecture, noor)).toBe(true);
  second.close();
  clock.advance(placeKeptMs - 1);
  expect(places.has(lecture, noor)).toBe(true);
  clock.advance(1);
  expect(places.has(lecture, noor)).toBe(false);
});

it('forgets places that nobody came back to', () => {
  const clock = new ManualClock();
  const places = new KeptPlaces(clock);
  for (let person = 0; person < 100; person += 1) {
    const transport = openTransport();
    places.take(lecture, UserId.parse(newId('usr')), transport);
    transport.close();
    clock.advance(placeKeptMs / 10);
  }
  const last = openTransport();
  places.take(lecture, noor, last);
  last.close();
  expect(places.size).toBeLessThan(12);
});
