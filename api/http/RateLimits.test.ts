import { SiteSettings } from '../contract/index.ts';
import { describe, expect, it } from 'vitest';
import { MemoryRateLimiters } from '#engine/kernel';
import { ManualClock, until } from '#engine/testing';
import { RateLimits } from './RateLimits.ts';

const email = 'sam@example.org';

const limitsWith = (clock: ManualClock) => new RateLimits({ clock, limiters: new MemoryRateLimiters(clock), settings: { current: SiteSettings.parse({}) } });

describe('logging in', () => {
  it('stops after 100 wrong attempts on unknown devices, but not on a known device', async () => {
    const limits = limitsWith(new ManualClock());
    for (let i = 0; i < 100; i += 1) await limits.take('login', { address: `192.0.2.${i}`, email });
    await expect(limits.take('login', { address: '198.51.100.1', email })).rejects.toMatchObject({ code: 'request.tooFrequent' });
    const owner = { address: '192.0.2.1', email, device: 'a device' };
    for (let i = 0; i < 10; i += 1) await limits.take('login', owner);
    await expect(limits.take('login', owner)).rejects.toMatchObject({ code: 'request.tooFrequent' });
  });

  it('still works for a campus behind one address while a script there guesses passwords', async () => {
    const limits = limitsWith(new ManualClock());
    const campus = '192.0.2.1';
    for (let i = 0; i < 10; i += 1) await limits.take('login', { address: campus, email });
    for (let i = 0; i < 1000; i += 1) await expect(limits.take('login', { address: campus, email })).rejects.toMatchObject({ code: 'request.tooFrequent' });
    await expect(limits.take('login', { address: campus, email: 'noor@example.org' })).resolves.toBeDefined();
  });

  it('counts the addresses of one IPv6 network as one', async () => {
    const limits = limitsWith(new ManualClock());
    for (let i = 0; i < 10; i += 1) await limits.take('login', { address: `2001:db8:1:2::${i}`, email });
    await expect(limits.take('login', { address: '2001:db8:1:2:ffff::1', email })).rejects.toMatchObject({ code: 'request.tooFrequent' });
    await expect(limits.take('login', { address: '2001:db8:1:3::1', email })).resolves.toBeDefined();
  });
});

describe('an address with many people', () => {
  const campus = '192.0.2.1';

  it('creates a thousand accounts an hour at once, and further ones one after the other', async () => {
    const clock = new ManualClock();
    const limits = limitsWith(clock);
    for (let i = 0; i < 1001; i += 1) await limits.take('signup', { address: campus, email: `student${i}@example.org` });
    let isSlowed = true;
    const next = limits.take('signup', { address: campus, email }).then(() => (isSlowed = false));
    await limits.take('signup', { address: '198.51.100.1', email: 'elsewhere@example.org' });
    expect(isSlowed).toBe(true);
    await until('its turn', () => {
      clock.advance(1000);
      return !isSlowed;
    });
    await next;
  });

  it('joins with any number of accounts, each of which has a limit of its own', async () => {
    const limits = limitsWith(new ManualClock());
    for (let i = 0; i < 6100; i += 1) await limits.take('joinLecture', { address: campus, userId: `student ${i}` });
    for (let i = 0; i < 60; i += 1) await limits.take('joinLecture', { address: campus, userId: 'one' });
    await expect(limits.take('joinLecture', { address: campus, userId: 'one' })).rejects.toMatchObject({ code: 'request.tooFrequent' });
  });

  it('refreshes any number of logins, each of which has a limit of its own', async () => {
    const limits = limitsWith(new ManualClock());
    for (let i = 0; i < 200; i += 1) await limits.take('refresh', { address: campus, loginId: 'one' });
    await expect(limits.take('refresh', { address: campus, loginId: 'one' })).rejects.toMatchObject({ code: 'request.tooFrequent' });
    await expect(limits.take('refresh', { address: campus, loginId: 'another' })).resolves.toBeDefined();
  });
});
