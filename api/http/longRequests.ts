import type { IncomingMessage } from 'node:http';
import type { RouteSpec } from '../contract/index.ts';

/** Whether a request may take any time: the routes that read their bodies by themselves receive files of hours. */
export function longRequests(specs: readonly Pick<RouteSpec, 'path' | 'method' | 'exchange' | 'upload'>[]): (request: IncomingMessage) => boolean {
  const long = specs.filter(({ exchange, upload }) => exchange ?? upload?.isStreamed).map(({ method, path }) => ({ method, pattern: new RegExp(`^${path.replace(/:\w+/g, '[^/?]+')}/?(\\?|$)`, 'i') }));
  return ({ method, url = '' }) => long.some((each) => each.method === method && each.pattern.test(url));
}
