import { expect, it } from 'vitest';
import { ManualClock } from '../../testing/ManualClock.ts';
import { silentLogger } from '../../testing/silentLogger.ts';
import { openLimiting } from './openLimiting.ts';
import { describeLimitingConformance } from './testing/limitingConformance.ts';

const open = () => {
  const clock = new ManualClock();
  return { clock, limiting: openLimiting({ redis: undefined, clock, logger: silentLogger }) };
};

describeLimitingConformance('Memory', async () => {
  const { clock, limiting } = open();
  return { here: limiting, there: limiting, pass: (ms) => clock.advance(ms), cleanup: async () => undefined };
});

it('A bucket says exactly when there is enough again', async () => {
  const { clock, limiting } = open();
  const limiter = limiting.limiters.open('test', { burst: 10, perSecond: 2 });
  await limiter.take('one', 10);
  expect(await limiter.take('one', 3)).toEqual({ isAllowed: false, retryAfterMs: 1500 });
  clock.advance(1499);
  expect(await limiter.take('one', 3)).toMatchObject({ isAllowed: false });
  clock.advance(1);
  expect(await limiter.take('one', 3)).toEqual({ isAllowed: true });
});

it('A ticket is forgotten after its lifetime', async () => {
  const { clock, limiting } = open();
  await limiting.tickets.use('ticket', 1000);
  clock.advance(999);
  expect(await limiting.tickets.use('ticket', 1000)).toBe(false);
  clock.advance(1);
  expect(await limiting.tickets.use('ticket', 1000)).toBe(true);
});
