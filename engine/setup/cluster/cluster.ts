// `npm run cluster`: a site divided by roles on this machine, behind nginx.
//   npm run cluster                                        until Ctrl-C
//   npm run cluster -- --nodes live=3,api=1                other numbers of processes
//   npm run cluster -- --data folder                       keeps its data and logs there
//   npm run cluster -- --journeys [filter…]                runs the journeys of player/e2e against it, and ends with their result
// Servers of your own, with LECTERN_DATABASE_URL, LECTERN_REDIS_URL and LECTERN_S3_BUCKET, are used instead of new ones.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { prepare } from '../prepare.mjs';
import { clusterAnnouncement } from './clusterAnnouncement.ts';
import { nodesOf, parseCounts, usualCounts } from './clusterNodes.ts';
import type { NodeCounts } from './clusterNodes.ts';
import { LocalCluster } from './LocalCluster.ts';
import { renderLogLine } from './renderLogLine.ts';
import { runJourneys } from './runJourneys.ts';

/** npm repeats the signal that the terminal has sent. A later one is from a person who does not want to wait. */
const repeatedSignalMs = 1000;

/** As shells report a Ctrl-C. */
const interruptedStatus = 130;

const print = (line: string) => console.log(line);
const say = (line: string) => print(`[cluster] ${line}`);

interface Arguments {
  counts: NodeCounts;
  /** Undefined: a temporary folder. */
  dataFolder: string | undefined;
  /** Parts of the paths of journeys to run; undefined: none. */
  journeys: string[] | undefined;
}

function readArguments(): Arguments {
  const { values, positionals } = parseArgs({ options: { nodes: { type: 'string' }, data: { type: 'string' }, journeys: { type: 'boolean' } }, allowPositionals: true });
  if (positionals.length > 0 && !values.journeys) throw new Error(`"${positionals.join(' ')}" is for --journeys only.`);
  return {
    counts: values.nodes === undefined ? usualCounts : parseCounts(values.nodes),
    dataFolder: values.data === undefined ? undefined : path.resolve(values.data),
    journeys: values.journeys ? positionals : undefined,
  };
}

async function main(): Promise<number> {
  const { counts, dataFolder, journeys } = readArguments();
  // The journeys need a browser as well.
  if (journeys && (await prepare('test')) !== 0) return 1;
  const folder = dataFolder ?? mkdtempSync(path.join(tmpdir(), 'lectern-cluster-'));
  const width = Math.max(...nodesOf(counts).map(({ name }) => name.length));
  // Beside the results of tests the logs are not readable: they are in the folder.
  const onLine = journeys ? () => undefined : (name: string, line: string) => line !== '' && print(`${name.padEnd(width)} | ${renderLogLine(line)}`);
  const cluster = new LocalCluster({ counts, folder, env: process.env, onLine, say });
  const interrupted = interruption(cluster);
  let status = 1;
  try {
    await Promise.race([cluster.start(), interrupted.promise]);
    if (interrupted.signal.aborted) return (status = interruptedStatus);
    print(`\n${clusterAnnouncement(cluster, folder)}\n`);
    status = await Promise.race([interrupted.promise, watch(cluster, interrupted.signal), ...(journeys ? [runJourneys({ cluster, filters: journeys, folder, env: process.env, print, signal: interrupted.signal })] : [])]);
    return status;
  } finally {
    interrupted.end();
    say('stopping');
    await cluster.stop();
    // The logs say why something has failed.
    const isKept = dataFolder !== undefined || status === 1;
    if (!isKept) rmSync(folder, { recursive: true, force: true });
    say(isKept ? `stopped; data and logs are in ${folder}` : 'stopped');
  }
}

/** Reports the processes that end. Resolves with an exit status when one ends that all others need. */
async function watch(cluster: LocalCluster, stopping: AbortSignal): Promise<number> {
  const report = (what: string) => stopping.aborted || say(what);
  for (const { name, process } of cluster.nodes) void process.ended.then((how) => report(`${name} has ended (${how}); the others continue`));
  report(`${await cluster.untilPartEnds()}; stopping everything`);
  return 1;
}

/** Resolves with the exit status when somebody interrupts; the second time, kills what is left. */
function interruption(cluster: LocalCluster) {
  const controller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<number>();
  let sinceMs: number | undefined;
  const onSignal = () => {
    if (sinceMs !== undefined && performance.now() - sinceMs > repeatedSignalMs) return cluster.kill();
    sinceMs ??= performance.now();
    controller.abort();
    resolve(interruptedStatus);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  return { promise, signal: controller.signal, end: () => controller.abort() };
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`[cluster] ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
