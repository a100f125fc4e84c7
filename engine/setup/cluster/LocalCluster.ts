// Responsible for a site that is divided by roles on this machine: backing servers, the processes of Lectern, and the proxy before
// them. Owns what it starts, and stops the proxy first, then Lectern, then what that needs.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { freePort } from '../freePort.ts';
import { openBackingServers } from './backingServers.ts';
import type { BackingServer } from './backingServers.ts';
import { accepts, answers, ClusterProcess } from './ClusterProcess.ts';
import type { ProcessOptions } from './ClusterProcess.ts';
import { nodesOf, nodeSettings } from './clusterNodes.ts';
import type { ClusterNode, NodeAddress, NodeCounts } from './clusterNodes.ts';
import { requireNginx } from './nginx.ts';
import type { Nginx } from './nginx.ts';
import { nginxConfig } from './nginxConfig.ts';

const root = path.resolve(import.meta.dirname, '..', '..', '..');
const thisMachine = '127.0.0.1';
/** Seven starts at once take long on a small machine. */
const readyWithinMs = 180_000;
const setupLinkWithinMs = 10_000;

export interface ClusterOptions {
  counts: NodeCounts;
  /** For data, logs and the configuration of the proxy. */
  folder: string;
  env: NodeJS.ProcessEnv;
  /** Called with each line that a process of Lectern prints. */
  onLine: (name: string, line: string) => void;
  say: (line: string) => void;
}

export interface RunningNode extends ClusterNode {
  address: NodeAddress;
  dataFolder: string;
  settings: Readonly<Record<string, string>>;
  process: ClusterProcess;
}

export class LocalCluster {
  readonly #options: ClusterOptions;
  readonly #started: ClusterProcess[] = [];
  readonly nodes: RunningNode[] = [];
  #ports = { http: '', rtmp: '' };
  #setupUrl: string | undefined;
  #stopping: Promise<void> | undefined;
  backing: readonly BackingServer[] = [];
  proxy: ClusterProcess | undefined;

  constructor(options: ClusterOptions) {
    this.#options = options;
  }

  get url(): string {
    return `http://localhost:${this.#ports.http}`;
  }

  get encoderUrl(): string {
    return `rtmp://localhost:${this.#ports.rtmp}/live`;
  }

  /** The link that creates the first account; undefined once there is one. */
  get setupUrl(): string | undefined {
    return this.#setupUrl;
  }

  /** @throws Error with a sentence that says what is missing or has failed. What was started is running until `stop`. */
  async start(): Promise<void> {
    const { folder, say, counts, env } = this.#options;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const nginx = requireNginx(env);
    this.#ports = { http: await freePort(), rtmp: await freePort() };
    say('starting the database, Redis and the S3 server');
    this.backing = await openBackingServers({ env, folder, say, start: (options) => this.#spawn({ ...options, env }) });
    const failing = this.untilPartEnds().then((what) => Promise.reject(new Error(what)));
    await Promise.race([this.#startLectern(nodesOf(counts)), failing]);
    say('starting nginx');
    await this.#startProxy(nginx);
    await this.#untilSetupUrl();
  }

  async #startLectern(nodes: readonly ClusterNode[]): Promise<void> {
    this.#options.say(`starting ${nodes.length} processes of Lectern`);
    for (const node of nodes) await this.#startNode(node);
    await Promise.all(this.nodes.map((node) => this.#untilReady(node)));
  }

  async #untilReady({ name, address, process }: RunningNode): Promise<void> {
    await process.until(() => answers(`http://${thisMachine}:${address.httpPort}/health/ready`), readyWithinMs);
    this.#options.say(`${name} is ready`);
  }

  /** Starts a process that has ended again, at its address and with its data. */
  async restart(node: RunningNode): Promise<void> {
    node.process = this.#spawnNode(node);
    await this.#untilReady(node);
  }

  /** Resolves with the name of the first part, other than a process of Lectern, that ends. */
  async untilPartEnds(): Promise<string> {
    const parts = [...this.backing.flatMap(({ process }) => (process ? [process] : [])), ...(this.proxy ? [this.proxy] : [])];
    return Promise.race(parts.map(async (part) => `${part.name} has ended (${await part.ended})`));
  }

  /** Idempotent; also while it starts. */
  stop(): Promise<void> {
    return (this.#stopping ??= this.#stop());
  }

  /** For a person who does not want to wait. */
  kill(): void {
    for (const process of this.#started) process.kill();
  }

  async #stop(): Promise<void> {
    await this.proxy?.stop();
    await Promise.all(this.nodes.map(({ process }) => process.stop()));
    await Promise.all(this.#started.map((process) => process.stop()));
  }

  #spawn(options: Omit<ProcessOptions, 'logFile'>): ClusterProcess {
    if (this.#stopping) throw new Error('the cluster is stopping');
    const process = new ClusterProcess({ ...options, logFile: path.join(this.#options.folder, `${options.name}.log`) });
    this.#started.push(process);
    return process;
  }

  async #startNode(node: ClusterNode): Promise<void> {
    const { folder } = this.#options;
    const rtcWorkers = Math.max(1, Math.floor(availableParallelism() / this.#options.counts.live));
    const address = { host: thisMachine, httpPort: await freePort(), rtmpPort: await freePort(), rtcPort: await freePort(rtcWorkers), rtcWorkers: String(rtcWorkers) };
    const dataFolder = path.join(folder, node.name);
    mkdirSync(dataFolder, { recursive: true });
    const settings = {
      ...Object.assign({}, ...this.backing.map((server) => server.settings)) as Record<string, string>,
      ...nodeSettings(node, address, { network: 'loopback', rtmpPort: this.#ports.rtmp }),
      LECTERN_LOG_FORMAT: 'json',
      LECTERN_SECRET: secretIn(folder),
      LECTERN_DATA_DIR: dataFolder,
      LECTERN_PUBLIC_URL: this.url,
      LECTERN_HTTP_LISTEN_ADDRESS: thisMachine,
      LECTERN_RTMP_LISTEN_ADDRESS: thisMachine,
      // The proxy speaks plain HTTP to them.
      LECTERN_TLS_CERT: '',
      LECTERN_TLS_KEY: '',
      LECTERN_RTMPS_PORT: '',
    };
    const running = { ...node, address, dataFolder, settings };
    this.nodes.push({ ...running, process: this.#spawnNode(running) });
  }

  #spawnNode({ name, role, dataFolder, settings }: Omit<RunningNode, 'process'>): ClusterProcess {
    const { env, onLine } = this.#options;
    return this.#spawn({
      name,
      command: startCommand(),
      // A folder without an .env file: that of the project is for a single process.
      cwd: dataFolder,
      env: { ...env, ...settings },
      onLine: (line) => {
        if (role === 'api') this.#setupUrl ??= /\bhttp\S+\/setup\?token=\w+/.exec(line)?.[0];
        onLine(name, line);
      },
    });
  }

  async #startProxy({ program, streamModule }: Nginx): Promise<void> {
    const folder = path.join(this.#options.folder, 'nginx');
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, 'nginx.conf');
    const config = nginxConfig({
      listenHttp: `${thisMachine}:${this.#ports.http}`,
      listenRtmp: `${thisMachine}:${this.#ports.rtmp}`,
      nodes: this.nodes.map(({ name, role, address: { host, httpPort, rtmpPort } }) => ({ name, role, http: `${host}:${httpPort}`, ...(role === 'live' && { rtmp: `${host}:${rtmpPort}` }) })),
      folder,
      // As root, nginx changes to an account that may not write to this folder.
      ...(process.getuid?.() === 0 && { user: 'root' }),
      ...(streamModule !== undefined && { streamModule }),
    });
    writeFileSync(file, config);
    this.proxy = this.#spawn({ name: 'nginx', command: [program, '-e', 'stderr', '-p', folder, '-c', file], cwd: folder, env: this.#options.env });
    await this.proxy.until(async () => (await answers(`http://${thisMachine}:${this.#ports.http}/health/live`)) && accepts(this.#ports.rtmp), readyWithinMs);
  }

  /** The processes print it right after they are ready. */
  async #untilSetupUrl(): Promise<void> {
    const { isNeeded } = (await (await fetch(`${this.url}/api/v1/setup`)).json()) as { isNeeded: boolean };
    if (!isNeeded) return;
    await this.nodes.find(({ role }) => role === 'api')?.process.until(async () => this.#setupUrl !== undefined, setupLinkWithinMs);
  }
}

/** The command of `npm start`, for any working directory. */
function startCommand(): [string, ...string[]] {
  const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { scripts: { start: string } };
  const [, ...words] = scripts.start.split(' ');
  return [process.execPath, ...words.map((word) => (existsSync(path.join(root, word)) ? path.join(root, word) : word))];
}

/** The same at each start in one folder. */
function secretIn(folder: string): string {
  const file = path.join(folder, 'secret');
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}
