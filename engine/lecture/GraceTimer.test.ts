import { expect, it } from 'vitest';
import { ManualClock } from '../testing/index.ts';
import { GraceTimer } from './GraceTimer.ts';
import { presenterGracePeriods } from './limits.ts';

it('says since when media is missing and when the lecture ends, and when that changes', () => {
  const clock = new ManualClock();
  const changes: (number | undefined)[] = [];
  let expired = 0;
  const timer: GraceTimer = new GraceTimer({ clock, graceMs: 1000, hasPresenter: () => true, onExpired: () => (expired += 1), onChanged: () => changes.push(timer.gap?.sinceMs) });
  const startMs = clock.nowMs();
  timer.start();
  clock.advance(500);
  timer.start();
  expect(timer.gap).toEqual({ sinceMs: startMs, endsAtMs: startMs + presenterGracePeriods * 1000 });
  clock.advance(1000 * presenterGracePeriods - 501);
  expect(expired).toBe(0);
  clock.advance(1);
  expect(expired).toBe(1);
  timer.stop();
  timer.stop();
  expect(timer.gap).toBeNull();
  expect(changes).toEqual([startMs, undefined]);
});
