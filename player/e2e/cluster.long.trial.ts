import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished } from 'vitest';
import { hasRedis, processTree, until } from '#engine/testing';
import { findNginxStream } from '../../engine/setup/testPrograms.mjs';
import { SyntheticEncoder } from '../demo/SyntheticEncoder.ts';
import { Classroom } from './Classroom.ts';
import { describeWithOwnServer, it } from './classroomTest.ts';
import { isMoving } from './mediaProbes.ts';
import { playToEnd } from './replay.ts';
import { joinRunningSite } from './RunningSite.ts';
import { isThere } from './trials/childProcesses.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const [database, store] = [process.env.LECTERN_TEST_MONGO_JAVA_URL, process.env.LECTERN_TEST_S3_ENDPOINT];
const hasServers = Boolean(database && store) && hasRedis && findNginxStream(process.env) !== undefined;
if (!hasServers) process.stderr.write('NOT TESTED: npm run cluster needs mongo-java-server, an S3 server, Redis and nginx (see .ci/run)\n');

const patientMs = 180_000;
const pushedSeconds = 8;

/** `npm run cluster` without npm, on the servers of the tests, and a Redis and an nginx of its own. */
async function startLauncher(counts: string) {
  const name = `cluster-${Date.now()}`;
  const folder = await mkdtemp(path.join(tmpdir(), 'lectern-journey-'));
  const env = {
    ...process.env,
    LECTERN_DATABASE_URL: `${database}${name}`,
    LECTERN_S3_ENDPOINT: store,
    LECTERN_S3_BUCKET: name,
    LECTERN_S3_ACCESS_KEY_ID: process.env.LECTERN_TEST_S3_ACCESS_KEY,
    LECTERN_S3_SECRET_ACCESS_KEY: process.env.LECTERN_TEST_S3_SECRET_KEY,
  };
  const child = spawn(process.execPath, ['engine/setup/cluster/cluster.ts', '--nodes', counts, '--data', folder], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const { pid = 0 } = child;
  const lines: string[] = [];
  for (const pipe of [child.stdout, child.stderr]) createInterface({ input: pipe }).on('line', (line) => lines.push(line));
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
  onTestFinished(async () => {
    for (const each of processTree(pid).reverse()) process.kill(each.pid, 'SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });
  const untilPrinted = (text: string) =>
    until(`"${text}"`, () => {
      if (child.exitCode !== null) throw new Error(`the launcher has ended:\n${lines.slice(-30).join('\n')}`);
      return lines.find((line) => line.includes(text));
    }, patientMs);
  return { pid, lines, exited, untilPrinted };
}

(hasServers ? describeWithOwnServer : describe.skip)('npm run cluster', () => {
  it('shows a lecture that is sent to its proxy, and its replay, and stops everything when the proxy dies', async ({ browser }) => {
    const launcher = await startLauncher('live=2,api=2,delivery=1,worker=1');
    await launcher.untilPrinted('Ctrl-C stops everything');
    const [url = '', setupToken] = /(http\S+)\/setup\?token=(\w+)/.exec(await launcher.untilPrinted('/setup?token='))?.slice(1) ?? [];
    const classroom = await Classroom.openOn(await joinRunningSite({ url, setupToken }), browser);
    const noor = await classroom.student('Noor');
    const lectureId = await classroom.startLecture();
    const streamUrl = await classroom.streamUrl();
    expect(await launcher.untilPrinted('  OBS ')).toContain(streamUrl.replace(/\/[^/]+$/, ''));
    const encoder = new SyntheticEncoder({ url: streamUrl, profile: 'gentle', sizePx: '320x180', durationSeconds: pushedSeconds });
    const room = await classroom.openPage(noor, `/live/${lectureId}`);
    await until('the video', () => isMoving(room));
    await encoder.exited;
    const { videoId } = await classroom.endRecorded(lectureId);
    const page = await classroom.openPage(noor, `/watch/${videoId}`);
    expect((await playToEnd(page.locator('video').first())).playedSeconds).toBeGreaterThan(pushedSeconds - 4);
    await classroom.close();

    const processes = processTree(launcher.pid).slice(1);
    // Its workers are children of the first one.
    process.kill(processes.find(({ command }) => command === 'nginx')?.pid ?? NaN, 'SIGKILL');
    expect(await launcher.exited).toEqual([1, null]);
    expect(launcher.lines.some((line) => line.includes('nginx has ended'))).toBe(true);
    expect(processes.filter(({ pid }) => isThere(pid))).toEqual([]);
  });

  it('leaves nothing running when it is interrupted while it starts', async () => {
    const launcher = await startLauncher('live=1,api=1,delivery=1,worker=1');
    await launcher.untilPrinted('starting 4 processes');
    const processes = processTree(launcher.pid).slice(1);
    expect(processes.length).toBeGreaterThan(0);
    process.kill(launcher.pid, 'SIGINT');
    expect(await launcher.exited).toEqual([130, null]);
    expect(processes.filter(({ pid }) => isThere(pid))).toEqual([]);
  });
});
