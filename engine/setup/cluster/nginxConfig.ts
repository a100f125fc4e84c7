import { nodePath } from './clusterNodes.ts';
import type { ClusterNode } from './clusterNodes.ts';

/** A process behind the proxy. */
export interface ProxiedNode extends ClusterNode {
  /** `host:port` of its HTTP server. */
  http: string;
  /** `host:port` of its RTMP server, of a live process. */
  rtmp?: string;
}

export interface NginxPlan {
  /** `address:port`, or a port, for browsers and for encoders. */
  listenHttp: string;
  listenRtmp: string;
  nodes: readonly ProxiedNode[];
  /** For its temporary files. */
  folder: string;
  /** The account of its workers; that of nginx itself when left out. */
  user?: string;
  /** The file of the module `stream`, if nginx has it not built in. */
  streamModule?: string;
  /** The name server that is asked again for the hosts of `nodes`, whose addresses change. Needs nginx 1.27.3. */
  resolver?: string;
}

/** How long a process that does not respond is left out, and how long a connection to one may take. */
const [failTimeout, connectTimeout] = ['5s', '2s'];

/** The configuration of nginx as the reverse proxy of a site that is divided by roles. */
export function nginxConfig(plan: NginxPlan): string {
  return [
    ...(plan.streamModule ? [`load_module ${plan.streamModule};`] : []),
    ...(plan.user ? [`user ${plan.user};`] : []),
    'worker_processes auto;',
    'daemon off;',
    `pid ${plan.folder}/nginx.pid;`,
    'error_log stderr warn;',
    '',
    // A viewer has a connection to the proxy and one behind it, for each of its socket and its requests.
    'worker_rlimit_nofile 20000;',
    ...block('events', ['worker_connections 16384;']),
    '',
    ...block('http', httpLines(plan)),
    '',
    ...block('stream', streamLines(plan)),
    '',
  ].join('\n');
}

function block(name: string, lines: readonly string[]): string[] {
  return [`${name} {`, ...lines.map((line) => (line === '' ? '' : `  ${line}`)), '}'];
}

function httpLines(plan: NginxPlan): string[] {
  const lives = plan.nodes.filter(({ role }) => role === 'live');
  return [
    'access_log off;',
    'server_tokens off;',
    ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${plan.folder}/${name};`),
    ...(plan.resolver ? [`resolver ${plan.resolver} valid=5s;`] : []),
    '',
    ...lives.flatMap((live) => upstream(plan, { name: live.name, servers: [live.http] })),
    ...upstream(plan, { name: 'api', servers: serversOf(plan, 'api') }),
    '# Each process follows a growing recording by itself: a player gets its playlists from one of them.',
    ...upstream(plan, { name: 'delivery', servers: serversOf(plan, 'delivery'), balancing: 'hash $uri consistent' }),
    '',
    '# A request that becomes a WebSocket keeps its connection; the others share those to the processes.',
    ...block('map $http_upgrade $connection_header', ['default upgrade;', "'' '';"]),
    '',
    ...block('server', serverLines(plan, lives)),
  ];
}

function serverLines(plan: NginxPlan, lives: readonly ProxiedNode[]): string[] {
  return [
    `listen ${plan.listenHttp};`,
    '',
    '# Each route of Lectern has a limit of its own, and refuses with a reason.',
    'client_max_body_size 0;',
    'proxy_request_buffering off;',
    '# Responses are held in memory for slow clients, and never on the disk.',
    'proxy_buffers 16 32k;',
    'proxy_max_temp_file_size 0;',
    '',
    'proxy_http_version 1.1;',
    'proxy_set_header Host $http_host;',
    'proxy_set_header Connection $connection_header;',
    'proxy_set_header Upgrade $http_upgrade;',
    '# Replaced, not appended to: what a client claims is not believed.',
    'proxy_set_header X-Forwarded-For $remote_addr;',
    'proxy_set_header X-Forwarded-Proto $scheme;',
    `proxy_connect_timeout ${connectTimeout};`,
    '# Sockets have a ping every 5 s, and every other response begins sooner.',
    'proxy_read_timeout 60s;',
    'proxy_send_timeout 60s;',
    '# A GET that one process does not answer goes to another one.',
    'proxy_next_upstream error timeout;',
    'proxy_next_upstream_tries 2;',
    '',
    ...lives.flatMap((live) => block(`location ${nodePath(live)}`, [`proxy_pass http://${live.name};`, 'proxy_buffering off;'])),
    ...block('location /media/', ['proxy_pass http://delivery;']),
    ...block('location /', ['proxy_pass http://api;']),
  ];
}

/** Encoders are passed to any live process; Lectern relays them to the one that owns the lecture. */
function streamLines(plan: NginxPlan): string[] {
  const servers = plan.nodes.flatMap(({ rtmp }) => (rtmp === undefined ? [] : [rtmp]));
  return [
    ...(plan.resolver ? [`resolver ${plan.resolver} valid=5s;`] : []),
    ...block('upstream rtmp', serverEntries(plan, 'rtmp', servers)),
    ...block('server', [
      `listen ${plan.listenRtmp};`,
      'proxy_pass rtmp;',
      `proxy_connect_timeout ${connectTimeout};`,
      '# Lectern itself ends a connection that is silent for ten seconds.',
      'proxy_timeout 60s;',
    ]),
  ];
}

function serversOf(plan: NginxPlan, role: ClusterNode['role']): string[] {
  return plan.nodes.filter((node) => node.role === role).map(({ http }) => http);
}

function upstream(plan: NginxPlan, { name, servers, balancing }: { name: string; servers: readonly string[]; balancing?: string }): string[] {
  return block(`upstream ${name}`, [
    ...(balancing === undefined ? [] : [`${balancing};`]),
    ...serverEntries(plan, name, servers),
    // Lectern keeps an idle connection for 65 s: it is never the one that closes under a request.
    'keepalive 32;',
    'keepalive_timeout 60s;',
  ]);
}

function serverEntries({ resolver }: NginxPlan, name: string, servers: readonly string[]): string[] {
  const options = `max_fails=1 fail_timeout=${failTimeout}${resolver ? ' resolve' : ''}`;
  // All workers of nginx count together.
  return [`zone ${name} 64k;`, ...servers.map((server) => `server ${server} ${options};`)];
}
