import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { announcedAddresses, candidatesFor } from './announcedAddresses.ts';
import { sfuConfig } from './config.ts';

const address = (ip: string, internal = false): NetworkInterfaceInfo => ({
  address: ip,
  family: 'IPv4',
  internal,
  netmask: '255.255.255.0',
  mac: '00:00:00:00:00:00',
  cidr: `${ip}/24`,
});
const laptop = { lo: [address('127.0.0.1', true)], wlan0: [address('192.168.1.20'), address('169.254.7.7')], eth0: [address('10.0.0.5')] };

describe('The announced addresses', () => {
  it('are those of the machine, with loopback last', () => {
    expect(announcedAddresses(sfuConfig.parse({}), laptop)).toEqual(['192.168.1.20', '10.0.0.5', '127.0.0.1']);
  });

  it('are loopback only on a machine without a network', () => {
    expect(announcedAddresses(sfuConfig.parse({}), { lo: laptop.lo })).toEqual(['127.0.0.1']);
  });

  it('are those of the settings, if set', () => {
    expect(announcedAddresses(sfuConfig.parse({ LECTERN_ANNOUNCED_ADDRESS: 'media.example.org' }), laptop)).toEqual(['media.example.org', '127.0.0.1']);
    expect(announcedAddresses(sfuConfig.parse({ LECTERN_RTC_LISTEN_ADDRESS: '10.0.0.5' }), laptop)).toEqual(['10.0.0.5']);
  });

  it('become candidates of decreasing priority', () => {
    const template = { foundation: 'udpcandidate', priority: 1_076_302_079, ip: '127.0.0.1', protocol: 'udp', port: 40_000, type: 'host' } as const;
    const [first, second] = candidatesFor([template], ['10.0.0.5', '127.0.0.1']);
    expect(first).toMatchObject({ ip: '10.0.0.5', address: '10.0.0.5', port: 40_000, priority: 1_076_302_079 });
    expect(second).toMatchObject({ ip: '127.0.0.1', priority: 1_076_301_823 });
    expect(second?.foundation).not.toBe(first?.foundation);
  });
});
