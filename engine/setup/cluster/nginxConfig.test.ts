import { expect, it } from 'vitest';
import { nginxConfig } from './nginxConfig.ts';
import type { NginxPlan } from './nginxConfig.ts';

const plan: NginxPlan = {
  listenHttp: '127.0.0.1:8080',
  listenRtmp: '127.0.0.1:1935',
  nodes: [
    { name: 'live-1', role: 'live', http: '127.0.0.1:1', rtmp: '127.0.0.1:2' },
    { name: 'live-2', role: 'live', http: '127.0.0.1:3', rtmp: '127.0.0.1:4' },
    { name: 'api-1', role: 'api', http: '127.0.0.1:5' },
    { name: 'delivery-1', role: 'delivery', http: '127.0.0.1:6' },
    { name: 'delivery-2', role: 'delivery', http: '127.0.0.1:7' },
    { name: 'worker-1', role: 'worker', http: '127.0.0.1:8' },
  ],
  folder: '/tmp/proxy',
};

/** The lines of a block, without their indentation. */
function blockOf(config: string, name: string): string[] {
  const lines = config.split('\n').map((line) => line.trim());
  const begin = lines.indexOf(`${name} {`);
  return begin < 0 ? [] : lines.slice(begin + 1, lines.indexOf('}', begin));
}

it('passes the path of each live process to it, media to delivery, and everything else to the API', () => {
  const config = nginxConfig(plan);
  expect(blockOf(config, 'location /nodes/live-1/')).toContain('proxy_pass http://live-1;');
  expect(blockOf(config, 'location /nodes/live-2/')).toContain('proxy_pass http://live-2;');
  expect(blockOf(config, 'location /media/')).toContain('proxy_pass http://delivery;');
  expect(blockOf(config, 'location /')).toContain('proxy_pass http://api;');
  expect(blockOf(config, 'upstream live-2').filter((line) => line.startsWith('server'))).toEqual(['server 127.0.0.1:3 max_fails=1 fail_timeout=5s;']);
  expect(blockOf(config, 'upstream delivery').filter((line) => line.startsWith('server'))).toHaveLength(2);
});

it('passes encoders to the live processes only, and browsers not to workers', () => {
  const config = nginxConfig(plan);
  expect(blockOf(config, 'upstream rtmp').filter((line) => line.startsWith('server'))).toEqual(['server 127.0.0.1:2 max_fails=1 fail_timeout=5s;', 'server 127.0.0.1:4 max_fails=1 fail_timeout=5s;']);
  expect(config).not.toContain('127.0.0.1:8 ');
});

it('replaces the address that a client claims', () => {
  expect(nginxConfig(plan)).toContain('proxy_set_header X-Forwarded-For $remote_addr;');
});

it('loads the module for RTMP and asks the name server again only where that is needed', () => {
  expect(nginxConfig(plan)).not.toMatch(/load_module|resolve/);
  const config = nginxConfig({ ...plan, streamModule: '/usr/lib/stream.so', resolver: '127.0.0.11' });
  expect(config).toMatch(/^load_module \/usr\/lib\/stream\.so;$/m);
  expect(blockOf(config, 'upstream api')).toContain('server 127.0.0.1:5 max_fails=1 fail_timeout=5s resolve;');
});
