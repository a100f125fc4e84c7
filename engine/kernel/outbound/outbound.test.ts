import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { OutboundPolicy, outboundRequest } from './index.ts';

const policyFor = (addresses: string[], allowed: string[] = []) => new OutboundPolicy({ allowed, resolve: async () => addresses });
const refused = { code: 'address.refused' };

describe('The policy of outbound requests', () => {
  it.each([
    '127.0.0.1', '127.1.2.3', '0.0.0.0', '10.0.0.8', '172.16.3.4', '192.168.1.1', '169.254.169.254', '100.64.0.1', '224.0.0.1', '255.255.255.255', '198.18.0.1', '192.0.2.1',
    '::1', '::', 'fe80::1', 'fd00::1', 'ff02::1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::', '2001:db8::1',
  ])('refuses a name that resolves to %s, and the address itself', async (address) => {
    await expect(policyFor([address]).check('hooks.example.org')).rejects.toMatchObject(refused);
    await expect(policyFor([]).check(address.includes(':') ? `[${address}]` : address)).rejects.toMatchObject(refused);
  });

  it('refuses a name of which only one address is private, or that has none', async () => {
    await expect(policyFor(['93.184.215.14', '10.0.0.1']).check('hooks.example.org')).rejects.toMatchObject(refused);
    await expect(policyFor([]).check('hooks.example.org')).rejects.toMatchObject(refused);
  });

  it('allows public addresses, and what the setting names', async () => {
    expect(await policyFor(['93.184.215.14']).check('hooks.example.org')).toEqual({ address: '93.184.215.14', family: 4, isAllowed: false });
    expect(await policyFor(['2606:2800:21f:cb07:6820:80da:af6b:8b2c']).check('hooks.example.org')).toMatchObject({ family: 6 });
    expect(await policyFor(['10.1.2.3'], ['10.1.0.0/16']).check('hooks.example.org')).toMatchObject({ isAllowed: true });
  });

  it('refuses a name that is not found as one that leads inside, and says nothing else', async () => {
    const missing = new OutboundPolicy({ allowed: [], resolve: () => Promise.reject(new Error('ENOTFOUND')) });
    const sentence = async (policy: OutboundPolicy) => policy.check('hooks.example.org').catch((error: unknown) => String(error));
    expect(await sentence(missing)).toBe(await sentence(policyFor(['10.0.0.1'])));
  });

  it('gives up a name that takes longer than the request may', async () => {
    const hanging = new OutboundPolicy({ allowed: [], resolve: () => new Promise(() => undefined) });
    await expect(outboundRequest(hanging, { url: 'https://hooks.example.org/', method: 'GET', timeoutMs: 20, maxBytes: 10 })).rejects.toMatchObject(refused);
  });

  it('sees through other ways to write an address', async () => {
    for (const url of ['https://0x7f.1/', 'https://2130706433/', 'https://[::ffff:7f00:1]/', 'https://127.0.0.1.:1/', 'ftp://example.org/', 'https://user:pass@example.org/']) {
      await expect(outboundRequest(policyFor(['127.0.0.1']), { url, method: 'GET', timeoutMs: 5000, maxBytes: 10 })).rejects.toMatchObject(refused);
    }
  });

  it('requires TLS outside of the networks that the setting names', async () => {
    await expect(outboundRequest(policyFor(['93.184.215.14']), { url: 'http://example.org/', method: 'GET', timeoutMs: 5000, maxBytes: 10 })).rejects.toMatchObject(refused);
  });
});

describe('An outbound request', () => {
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.headers.host ?? ''}${request.url ?? ''}`);
    if (request.url === '/away') response.writeHead(302, { location: '/elsewhere' }).end();
    else if (request.url === '/upgrade') response.socket?.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
    else if (request.url === '/never') void 0;
    else response.end('x'.repeat(100_000));
  });
  const port = new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const policy = policyFor(['127.0.0.1'], ['127.0.0.0/8']);
  const get = async (path: string, timeoutMs = 30_000) => outboundRequest(policy, { url: `http://hooks.example.org:${await port}${path}`, method: 'GET', timeoutMs, maxBytes: 1000 });

  it('connects to the checked address under the name that was given, and reads no more than it may', async () => {
    const { status, body } = await get('/hook');
    expect([status, body.length]).toEqual([200, 1000]);
    expect(asked).toContain(`GET hooks.example.org:${await port}/hook`);
  });

  it('follows no redirect', async () => {
    expect(await get('/away')).toMatchObject({ status: 302 });
    expect(asked.some((each) => each.includes('/elsewhere'))).toBe(false);
  });

  it('fails when the address switches to another protocol', async () => {
    await expect(get('/upgrade')).rejects.toThrow('another protocol');
  });

  it('ends when nobody answers', async () => {
    await expect(get('/never', 50)).rejects.toThrow('no answer within 0.05 s');
  });
});
