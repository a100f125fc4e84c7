import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../../testing/until.ts';
import type { Limiting } from '../openLimiting.ts';

/** The limits and tickets of two processes; the same ones twice within one process. */
export interface OpenedLimiting {
  here: Limiting;
  there: Limiting;
  /** Lets at least so many milliseconds pass. */
  pass(ms: number): Promise<void> | void;
  cleanup(): Promise<void>;
}

/** The conformance suite that every adapter of RateLimiters and OneTimeTickets passes. */
export function describeLimitingConformance(name: string, open: () => Promise<OpenedLimiting>): void {
  describe(`${name} as limits and tickets`, () => {
    let opened: OpenedLimiting;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.cleanup());
    const both = (limit: { burst: number; perSecond: number }) => ({ here: opened.here.limiters.open('test', limit), there: opened.there.limiters.open('test', limit) });
    const slow = { burst: 5, perSecond: 0.001 };

    it('allow the burst in all processes together, then say when to come back', async () => {
      const { here, there } = both(slow);
      const decisions = [];
      for (let i = 0; i < 8; i += 1) decisions.push(await (i % 2 === 0 ? here : there).take('one'));
      expect(decisions.filter(({ isAllowed }) => isAllowed)).toHaveLength(5);
      const last = decisions.at(-1);
      expect(last).toMatchObject({ isAllowed: false });
      const retryAfterMs = last && !last.isAllowed ? last.retryAfterMs : 0;
      expect(retryAfterMs).toBeGreaterThan(0);
      expect(retryAfterMs).toBeLessThanOrEqual(1_000_000);
    });

    it('allow no more than the burst when everything comes at once', async () => {
      const { here, there } = both(slow);
      const decisions = await Promise.all(Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? here : there).take('one')));
      expect(decisions.filter(({ isAllowed }) => isAllowed)).toHaveLength(5);
    });

    it('count each key, and each name, for itself', async () => {
      const { here } = both(slow);
      for (let i = 0; i < 5; i += 1) await here.take('one');
      expect(await here.take('other')).toEqual({ isAllowed: true });
      expect(await opened.here.limiters.open('other', slow).take('one')).toEqual({ isAllowed: true });
      expect(await here.take('one')).toMatchObject({ isAllowed: false });
    });

    it('take the whole cost or nothing', async () => {
      const { here } = both(slow);
      expect(await here.take('one', 4)).toEqual({ isAllowed: true });
      expect(await here.take('one', 2)).toMatchObject({ isAllowed: false });
      expect(await here.take('one', 1)).toEqual({ isAllowed: true });
    });

    it('give back what was taken, and never more than the burst', async () => {
      const { here, there } = both(slow);
      for (let i = 0; i < 5; i += 1) await here.take('one');
      await there.giveBack('one', 2);
      expect(await here.take('one', 2)).toEqual({ isAllowed: true });
      await here.giveBack('one', 100);
      expect(await there.take('one', 5)).toEqual({ isAllowed: true });
      expect(await there.take('one')).toMatchObject({ isAllowed: false });
    });

    it('fill again with time', async () => {
      const { here } = both({ burst: 2, perSecond: 20 });
      await here.take('one', 2);
      await opened.pass(100);
      await until('the next one', async () => (await here.take('one')).isAllowed);
    });

    it('let a ticket in once, also when it comes many times at once in all processes', async () => {
      const uses = await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? opened.here : opened.there).tickets.use('ticket', 60_000)));
      expect(uses.filter(Boolean)).toHaveLength(1);
      expect(await opened.there.tickets.use('ticket', 60_000)).toBe(false);
      expect(await opened.there.tickets.use('another', 60_000)).toBe(true);
    });
  });
}
