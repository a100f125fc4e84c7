import { expect, it } from 'vitest';
import { ManualClock } from '../../testing/ManualClock.ts';
import { silentLogger } from '../../testing/silentLogger.ts';
import { countingDatabase } from '../../testing/countingDatabase.ts';
import { openTestDatabase } from '../../testing/openTestDatabase.ts';
import { DatabaseTickets } from './DatabaseTickets.ts';
import { usedTicketSweepMs } from './limits.ts';
import { MemoryRateLimiters } from './MemoryLimiting.ts';
import { openLimiting } from './openLimiting.ts';
import { describeLimitingConformance } from './testing/limitingConformance.ts';

const open = () => {
  const clock = new ManualClock();
  return { clock, limiting: openLimiting({ redis: undefined, sharedDatabase: undefined, clock, logger: silentLogger }) };
};

describeLimitingConformance('Memory', async () => {
  const { clock, limiting } = open();
  return { here: limiting, there: limiting, pass: (ms) => clock.advance(ms), cleanup: async () => undefined };
});

describeLimitingConformance('The database', async () => {
  const clock = new ManualClock();
  const database = await openTestDatabase();
  const [here, there] = [0, 1].map(() => new DatabaseTickets({ database, clock }));
  // The limits of processes without Redis count for each of them.
  const limiters = new MemoryRateLimiters(clock);
  if (!here || !there) throw new Error('two processes');
  return { here: { limiters, tickets: here }, there: { limiters, tickets: there }, pass: (ms) => clock.advance(ms), cleanup: () => database.close() };
});

it('A ticket that was used is gone from the database some time after its lifetime', async () => {
  const [clock, database] = [new ManualClock(), countingDatabase(await openTestDatabase())];
  const tickets = new DatabaseTickets({ database, clock });
  for (const ticket of ['a', 'b', 'c']) await tickets.use(ticket, 1000);
  clock.advance(usedTicketSweepMs);
  await tickets.use('d', 1000);
  expect((await database.allDocuments()).map(({ document }) => document._id)).toEqual(['d']);
  await database.close();
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
