import { networkInterfaces } from 'node:os';
import type { SfuConfig } from './config.ts';
import type { IceCandidate } from '../contract/index.ts';

const loopback = '127.0.0.1';

/**
 * The addresses at which browsers may reach the media port, the most likely first. They are read again for each transport,
 * because a laptop changes networks. Loopback is included, so that a lecture works on a machine without a network.
 */
export function announcedAddresses(config: SfuConfig, interfaces = networkInterfaces()): string[] {
  const own = config.LECTERN_RTC_LISTEN_ADDRESS === '0.0.0.0' ? externalAddresses(interfaces) : [config.LECTERN_RTC_LISTEN_ADDRESS];
  const listensOnLoopback = config.LECTERN_RTC_LISTEN_ADDRESS === '0.0.0.0' || config.LECTERN_RTC_LISTEN_ADDRESS === loopback;
  const found = config.LECTERN_ANNOUNCED_ADDRESS ? [config.LECTERN_ANNOUNCED_ADDRESS] : own;
  return [...new Set([...found, ...(listensOnLoopback ? [loopback] : [])])];
}

function externalAddresses(interfaces: ReturnType<typeof networkInterfaces>): string[] {
  return Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .filter((address) => address.family === 'IPv4' && !address.internal && !address.address.startsWith('169.254.'))
    .map((address) => address.address);
}

/** Makes one candidate for each protocol and address. RFC 8445 §5.1.2.1: bits 8 to 23 of the priority are the local preference. */
export function candidatesFor(templates: readonly IceCandidate[], addresses: readonly string[]): IceCandidate[] {
  return addresses.flatMap((address, index) =>
    templates.map((template) => ({
      ...template,
      ip: address,
      address,
      foundation: index === 0 ? template.foundation : `${template.foundation}${index}`,
      priority: template.priority - index * 256,
    })),
  );
}
