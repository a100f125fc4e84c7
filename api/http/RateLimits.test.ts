import { describe, expect, it } from 'vitest';
import { RateLimits } from './RateLimits.ts';

const email = 'sam@example.org';

describe('logging in', () => {
  it('stops after 100 wrong attempts on unknown devices, but not on a known device', async () => {
    const limits = new RateLimits();
    for (let i = 0; i < 100; i += 1) await limits.take('login', { address: `192.0.2.${i}`, email });
    await expect(limits.take('login', { address: '198.51.100.1', email })).rejects.toMatchObject({ code: 'request.tooFrequent' });
    const owner = { address: '192.0.2.1', email, device: 'a device' };
    for (let i = 0; i < 10; i += 1) await limits.take('login', owner);
    await expect(limits.take('login', owner)).rejects.toMatchObject({ code: 'request.tooFrequent' });
  });

  it('still works for a campus behind one address while a script there guesses passwords', async () => {
    const limits = new RateLimits();
    const campus = '192.0.2.1';
    for (let i = 0; i < 10; i += 1) await limits.take('login', { address: campus, email });
    for (let i = 0; i < 1000; i += 1) await expect(limits.take('login', { address: campus, email })).rejects.toMatchObject({ code: 'request.tooFrequent' });
    await expect(limits.take('login', { address: campus, email: 'noor@example.org' })).resolves.toBeDefined();
  });

  it('counts the addresses of one IPv6 network as one', async () => {
    const limits = new RateLimits();
    for (let i = 0; i < 10; i += 1) await limits.take('login', { address: `2001:db8:1:2::${i}`, email });
    await expect(limits.take('login', { address: '2001:db8:1:2:ffff::1', email })).rejects.toMatchObject({ code: 'request.tooFrequent' });
    await expect(limits.take('login', { address: '2001:db8:1:3::1', email })).resolves.toBeDefined();
  });
});
