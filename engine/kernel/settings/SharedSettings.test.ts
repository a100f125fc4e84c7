import { describe, expect, it, onTestFinished } from 'vitest';
import * as z from 'zod';
import { ManualClock, openTestDatabase, silentLogger as logger, until } from '../../testing/index.ts';
import { InProcessBus } from '../bus/index.ts';
import type { Bus } from '../bus/index.ts';
import type { Database } from '../database/index.ts';
import { settingsPollMs } from './limits.ts';
import { SharedSettings } from './SharedSettings.ts';

const schema = z.object({ title: z.string().max(10).default('Lectern'), limit: z.number().int().min(0).default(5), until: z.string().nullable().default(null) });

/** A process of a site: its settings over the bus and the database of the site. */
async function openProcess(site: { database: Database; bus: Bus; clock: ManualClock }, defaults?: { title: string }) {
  const settings = await SharedSettings.open({ ...site, logger, name: 'site', schema, ...(defaults && { defaults }) });
  onTestFinished(() => settings.close());
  return settings;
}

async function openSite() {
  const clock = new ManualClock();
  return { clock, database: await openTestDatabase(), bus: new InProcessBus({ clock, logger }) };
}

/** A bus on which every message of other processes is lost. */
const deafBus = (bus: Bus): Bus => ({
  isConnected: false,
  publish: () => undefined,
  subscribe: async () => () => undefined,
  request: (endpoint, id, request) => bus.request(endpoint, id, request),
  serve: (endpoint, id, handler) => bus.serve(endpoint, id, handler),
  close: () => bus.close(),
});

describe('Shared settings', () => {
  it('have their defaults, and those of the installation, until they are changed', async () => {
    const site = await openSite();
    const settings = await openProcess(site, { title: 'Physics' });
    expect(await settings.read()).toEqual({ version: 0, values: { title: 'Physics', limit: 5, until: null } });
    expect(await settings.change(0, { title: 'Maths' })).toEqual({ version: 1, values: { title: 'Maths', limit: 5, until: null } });
    expect((await openProcess(site, { title: 'Physics' })).current).toEqual({ title: 'Maths', limit: 5, until: null });
  });

  it('are in force in another process as soon as the message of the change arrives', async () => {
    const site = await openSite();
    const [here, there] = [await openProcess(site), await openProcess(site)];
    const seen: number[] = [];
    there.onChanged(({ limit }) => seen.push(limit));
    await here.change(0, { limit: 7 });
    expect(here.current.limit).toBe(7);
    await until('the change to arrive', () => there.current.limit === 7);
    expect(seen).toEqual([7]);
  });

  it('are in force in another process within 2 s when no message arrives', async () => {
    const site = await openSite();
    const here = await openProcess(site);
    const there = await openProcess({ ...site, bus: deafBus(site.bus) });
    await here.change(0, { limit: 7 });
    expect(there.current.limit).toBe(5);
    expect(settingsPollMs).toBeLessThan(2000);
    site.clock.advance(settingsPollMs);
    await until('the change to be read', () => there.current.limit === 7);
    // It goes on reading.
    await here.change(1, { limit: 8 });
    await until('the next change to be read', () => {
      site.clock.advance(settingsPollMs);
      return there.current.limit === 8;
    });
  });

  it('refuse a change by somebody who has not seen the last one, and say what has changed', async () => {
    const site = await openSite();
    const [here, there] = [await openProcess(site), await openProcess(site)];
    await here.change(0, { limit: 7 });
    await expect(there.change(0, { title: 'A' })).rejects.toMatchObject({ code: 'settings.stale', details: { version: 1, changed: ['limit'] } });
    await here.change(1, { title: 'B' });
    await expect(there.change(1, { limit: 1 })).rejects.toMatchObject({ code: 'settings.stale', details: { version: 2, changed: ['title'] } });
    expect(await there.read()).toEqual({ version: 2, values: { title: 'B', limit: 7, until: null } });
  });

  it('accept one of two changes at the same moment', async () => {
    for (const version of [0, 1]) {
      const site = await openSite();
      const [here, there] = [await openProcess(site), await openProcess(site)];
      if (version === 1) await here.change(0, { limit: 1 });
      const outcomes = await Promise.allSettled([here.change(version, { limit: 10 }), there.change(version, { limit: 20 })]);
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect((await here.read()).values).toEqual((await there.read()).values);
    }
  });

  it('refuse an invalid value, and change nothing', async () => {
    const settings = await openProcess(await openSite());
    await expect(settings.change(0, { title: 'far too long a title', limit: 7 })).rejects.toBeInstanceOf(z.ZodError);
    expect(await settings.read()).toMatchObject({ version: 0, values: { limit: 5 } });
  });

  it('give a stored value that is not valid any more its default', async () => {
    const site = await openSite();
    const older = await SharedSettings.open({ ...site, logger, name: 'site', schema: z.object({ title: z.string().default(''), gone: z.boolean().default(false) }) });
    onTestFinished(() => older.close());
    await older.change(0, { title: 'a title of an older version', gone: true });
    const settings = await openProcess(site);
    expect(settings.current).toEqual({ title: 'Lectern', limit: 5, until: null });
    expect(await settings.change(1, { limit: 6 })).toMatchObject({ version: 2, values: { limit: 6 } });
  });
});
