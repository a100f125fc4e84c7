import { describe, expect, it } from 'vitest';
import { createLogger } from './Logger.ts';
import { networkOf } from './networkOf.ts';

describe('the network of an address', () => {
  it.each([
    ['203.0.113.77', '203.0.113.x'],
    ['::ffff:203.0.113.77', '203.0.113.x'],
    ['2001:db8:7:1:2:3:4:5', '2001:db8:7::/48'],
    ['2001:db8::5', '2001:db8:0::/48'],
    ['fe80::1', 'fe80:0:0::/48'],
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '::1'],
    ['rtmp.example.org:1935', 'rtmp.example.org:1935'],
    [undefined, undefined],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it('is all that a log line has of an address', () => {
    const lines: string[] = [];
    createLogger({ level: 'info', destination: { write: (line: string) => void lines.push(line) } }).child({ route: 'x' }).info({ address: '203.0.113.77' }, 'request.refused');
    expect(lines[0]).toContain('203.0.113.x');
    expect(lines[0]).not.toContain('203.0.113.77');
  });
});
