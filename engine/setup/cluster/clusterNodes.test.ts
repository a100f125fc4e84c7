import { expect, it } from 'vitest';
import { nodesOf, nodeSettings, parseCounts, usualCounts } from './clusterNodes.ts';

const address = { host: '10.0.0.5', httpPort: '8081', rtmpPort: '1936', rtcPort: '40000', rtcWorkers: '2' };
const proxy = { network: 'loopback', rtmpPort: '1935' };

it('has two live, two api, two delivery and one worker process', () => {
  expect(nodesOf(usualCounts).map(({ name }) => name)).toEqual(['live-1', 'live-2', 'api-1', 'api-2', 'delivery-1', 'delivery-2', 'worker-1']);
});

it('has as many processes of a role as was asked for', () => {
  expect(parseCounts('live=3, worker=2')).toEqual({ live: 3, api: 2, delivery: 2, worker: 2 });
  for (const wrong of ['', 'live', 'live=0', 'live=10', 'lively=1', 'live=2;api=1']) expect(() => parseCounts(wrong)).toThrow('--nodes');
});

it('tells a live process where browsers and other live processes reach it', () => {
  expect(nodeSettings({ name: 'live-2', role: 'live' }, address, proxy)).toMatchObject({
    LECTERN_ROLES: 'live',
    LECTERN_HTTP_PORT: '8081',
    LECTERN_SIGNALING_PATH: '/nodes/live-2/socket.io',
    LECTERN_RTMP_ADDRESS: '10.0.0.5:1936',
    LECTERN_TRUSTED_PROXIES: 'loopback',
  });
});

it('tells an api process the RTMP port of the proxy, which it shows to instructors', () => {
  const settings = nodeSettings({ name: 'api-1', role: 'api' }, address, proxy);
  expect(settings).toMatchObject({ LECTERN_ROLES: 'api', LECTERN_RTMP_PORT: '1935' });
  expect(settings).not.toHaveProperty('LECTERN_SIGNALING_PATH');
});
