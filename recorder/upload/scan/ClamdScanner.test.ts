import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClamdServer, eicar } from '../testing/ClamdServer.ts';
import { clamdAddress } from './clamdAddress.ts';
import { ClamdScanner } from './ClamdScanner.ts';

let clamd: ClamdServer;
beforeEach(async () => {
  clamd = await ClamdServer.start();
});
afterEach(() => clamd.stop());

const open = new AbortController().signal;
const scan = (content: Readable, options: Partial<ConstructorParameters<typeof ClamdScanner>[0]> = {}) => new ClamdScanner({ address: clamd.address, ...options }).scan(content, open);
const pieces = (...texts: string[]) => Readable.from(texts.map((text) => Buffer.from(text)));

describe('A scan by clamd', () => {
  it('finds what clamd finds, also across chunks, and nothing in a clean file', async () => {
    expect(await scan(pieces('a ', 'video'))).toEqual({ isClean: true });
    expect(await scan(pieces('x', eicar.slice(0, 20), eicar.slice(20), 'y'))).toEqual({ isClean: false, name: 'Win.Test.EICAR_HDB-1' });
    expect(await scan(Readable.from([]))).toEqual({ isClean: true });
  });

  it('sends a long file in pieces that clamd accepts, which overlap', async () => {
    clamd.maxStreamBytes = 1200;
    const text = `${'a'.repeat(990)}${eicar}${'b'.repeat(3000)}`;
    const content = Array.from({ length: Math.ceil(text.length / 50) }, (_, index) => text.slice(index * 50, (index + 1) * 50));
    const limits = { pieceBytes: 1000, overlapBytes: 100 };
    expect(await scan(pieces(...content), limits)).toMatchObject({ isClean: false });
    expect(await scan(pieces(...content.map((each) => each.toLowerCase())), limits)).toEqual({ isClean: true });
    expect(Math.max(...clamd.streams)).toBeLessThanOrEqual(1200);
  });

  it('works over a Unix socket', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'lectern-clamd-'));
    const other = await ClamdServer.start(path.join(folder, 'clamd.ctl'));
    expect(await scan(pieces(eicar), { address: { path: path.join(folder, 'clamd.ctl') } })).toMatchObject({ isClean: false });
    await other.stop();
    await rm(folder, { recursive: true });
  });

  it('fails with a code when clamd is away, hangs, refuses the length, or is killed during a scan', async () => {
    clamd.state = 'hanging';
    await expect(scan(pieces('a video'), { idleTimeoutMs: 50 })).rejects.toMatchObject({ code: 'upload.notScanned' });
    const endless = new Readable({ read: () => undefined });
    endless.push('a video');
    const killed = scan(endless);
    const failed = expect(killed).rejects.toMatchObject({ code: 'upload.notScanned' });
    await clamd.stop();
    endless.push(null);
    await failed;
    await expect(scan(pieces('a video'))).rejects.toMatchObject({ code: 'upload.notScanned' });
    clamd = await ClamdServer.start();
    clamd.maxStreamBytes = 3;
    await expect(scan(pieces('a video'))).rejects.toMatchObject({ code: 'upload.notScanned' });
  });
});

it.each([
  ['127.0.0.1:3310', { host: '127.0.0.1', port: 3310 }],
  ['tcp://scanner.example.org:3310', { host: 'scanner.example.org', port: 3310 }],
  ['[::1]:3310', { host: '::1', port: 3310 }],
  ['/run/clamav/clamd.ctl', { path: '/run/clamav/clamd.ctl' }],
  ['unix:/run/clamav/clamd.ctl', { path: '/run/clamav/clamd.ctl' }],
  ['scanner', undefined],
  ['scanner:0', undefined],
  ['scanner:99999', undefined],
])('The address %j of clamd is read', (text, address) => {
  expect(clamdAddress(text)).toEqual(address);
});
