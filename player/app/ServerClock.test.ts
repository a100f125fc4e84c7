import { expect, it, onTestFinished, vi } from 'vitest';
import { AccountStore } from '../account/AccountStore.ts';
import { ServerClock } from './ServerClock.ts';

it('shows the time of the last response, on a device whose clock is days off', async () => {
  vi.useFakeTimers({ now: Date.parse('2026-11-17T10:00:00Z') });
  onTestFinished(() => void vi.useRealTimers());
  const clock = new ServerClock();
  const respond = async () => new Response('{"isNeeded":false}', { headers: { date: 'Fri, 20 Nov 2026 12:30:00 GMT', 'content-type': 'application/json' } });
  await new AccountStore(respond, clock).api.getSetup();
  expect(clock.nowMs()).toBe(Date.parse('2026-11-20T12:30:00Z'));
  vi.advanceTimersByTime(5000);
  expect(clock.nowMs()).toBe(Date.parse('2026-11-20T12:30:05Z'));
});

it('shows the time of the device as long as no response has one', () => {
  const clock = new ServerClock();
  clock.set(null);
  clock.set('yesterday');
  expect(Math.abs(clock.nowMs() - Date.now())).toBeLessThan(1000);
});
