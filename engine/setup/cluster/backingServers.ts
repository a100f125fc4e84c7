import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../freePort.ts';
import { accepts } from './ClusterProcess.ts';
import type { ClusterProcess, ProcessOptions } from './ClusterProcess.ts';

const root = path.resolve(import.meta.dirname, '..', '..', '..');
const readyWithinMs = 120_000;
const run = promisify(execFile);

/** A server that the processes of the site share. */
export interface BackingServer {
  name: string;
  url: string;
  /** Undefined for one that was running before, and is left running. */
  process: ClusterProcess | undefined;
  /** The settings by which Lectern finds it. */
  settings: Readonly<Record<string, string>>;
}

export interface BackingOptions {
  env: NodeJS.ProcessEnv;
  folder: string;
  start: (options: Pick<ProcessOptions, 'name' | 'command' | 'cwd'>) => ClusterProcess;
  say: (line: string) => void;
}

/** The database, Redis and the S3 server: those of the environment, or new ones, as the scripts in .ci start them for the tests. */
export async function openBackingServers(options: BackingOptions): Promise<BackingServer[]> {
  return [await openDatabase(options), await openRedis(options), await openStore(options)];
}

async function openDatabase(options: BackingOptions): Promise<BackingServer> {
  const given = givenServer(options, 'database', 'LECTERN_DATABASE_URL');
  if (given) return given;
  try {
    return await startDatabase(options, 'java');
  } catch (error) {
    options.say(`mongo-java-server does not start: ${lastLine(error)}`);
    options.say('FerretDB instead. It can lose one of two writes of a document at the same time: do not judge by it which process owns a lecture.');
    return startDatabase(options, 'ferretdb');
  }
}

/** See .ci/mongodb-server. */
async function startDatabase(options: BackingOptions, kind: 'java' | 'ferretdb'): Promise<BackingServer> {
  const script = '.ci/mongodb-server';
  await install(options, [script, 'install', kind]);
  const port = await freePort();
  const process = await serve(options, { name: 'database', port, command: [script, 'run', kind, path.join(options.folder, 'database'), port] });
  const url = `${await urlPrintedBy([script, 'env', kind, port])}lectern`;
  return { name: kind === 'java' ? 'mongo-java-server' : 'FerretDB', url, process, settings: { LECTERN_DATABASE_URL: url } };
}

async function openRedis(options: BackingOptions): Promise<BackingServer> {
  const given = givenServer(options, 'Redis', 'LECTERN_REDIS_URL');
  if (given) return given;
  const script = '.ci/redis-server';
  const port = await freePort();
  const process = await serve(options, { name: 'redis', port, command: [script, 'run', path.join(options.folder, 'redis'), port] });
  const url = await urlPrintedBy([script, 'env', port]);
  return { name: 'Redis', url, process, settings: { LECTERN_REDIS_URL: url } };
}

async function openStore(options: BackingOptions): Promise<BackingServer> {
  const bucket = options.env['LECTERN_S3_BUCKET'];
  // Its other settings reach the processes in their environment.
  if (bucket) return { name: 'S3', url: options.env['LECTERN_S3_ENDPOINT'] ?? 'AWS', process: undefined, settings: {} };
  const script = '.ci/s3-server';
  await install(options, [script, 'install']);
  const port = await freePort();
  const process = await serve(options, { name: 's3', port, command: [script, 'run', path.join(options.folder, 's3'), port] });
  const printed = await settingsPrintedBy([script, 'env', port]);
  const endpoint = printed.get('LECTERN_TEST_S3_ENDPOINT') ?? '';
  const settings = {
    LECTERN_S3_ENDPOINT: endpoint,
    LECTERN_S3_BUCKET: 'lectern',
    LECTERN_S3_ACCESS_KEY_ID: printed.get('LECTERN_TEST_S3_ACCESS_KEY') ?? '',
    LECTERN_S3_SECRET_ACCESS_KEY: printed.get('LECTERN_TEST_S3_SECRET_KEY') ?? '',
  };
  return { name: 'versitygw', url: endpoint, process, settings };
}

/** A server that the environment names. */
function givenServer({ env }: BackingOptions, name: string, setting: string): BackingServer | undefined {
  const url = env[setting];
  return url ? { name, url: withoutPassword(url), process: undefined, settings: { [setting]: url } } : undefined;
}

async function serve({ start }: BackingOptions, { name, port, command }: { name: string; port: string; command: [string, ...string[]] }): Promise<ClusterProcess> {
  const process = start({ name, command, cwd: root });
  await process.until(() => accepts(port), readyWithinMs);
  return process;
}

/** Builds or fetches a server, once for each machine. The script says what it lacks. */
async function install({ env, say }: BackingOptions, [script, ...args]: [string, ...string[]]): Promise<void> {
  const running = run(path.join(root, script), args, { env, cwd: root });
  running.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.split('\n')) if (/^[\w-]+: /.test(line)) say(line);
  });
  try {
    await running;
  } catch (error) {
    throw new Error(lastLine((error as { stderr?: string }).stderr ?? String(error)), { cause: error });
  }
}

/** The settings that a script prints for a shell: `export NAME=value`. */
async function settingsPrintedBy([script, ...args]: [string, ...string[]]): Promise<Map<string, string>> {
  const { stdout } = await run(path.join(root, script), args, { cwd: root });
  return new Map([...stdout.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]));
}

async function urlPrintedBy(command: [string, ...string[]]): Promise<string> {
  const [url = ''] = (await settingsPrintedBy(command)).values();
  return url;
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//');
}

function lastLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trimEnd().split('\n').at(-1) ?? text;
}
