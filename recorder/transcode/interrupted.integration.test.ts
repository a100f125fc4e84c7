import { spawn } from 'node:child_process';
import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '#engine/kernel';
import { until } from '#engine/testing';
import { videoCollection } from '../library/index.ts';
import type { ObjectStore } from '../storage/index.ts';
import { ffmpegPath, leftovers, make, TranscodeBench } from './testing/TranscodeBench.ts';
import { taskJob, taskJobs } from './prepareJobs.ts';
import { TranscodeRequests } from './TranscodeRequests.ts';

const script = fileURLToPath(new URL('./testing/transcodeUntilKilled.ts', import.meta.url));

/** An ffmpeg that does something else before it encodes a part. */
async function slowFfmpeg(folder: string, before: string): Promise<string> {
  const file = path.join(folder, 'ffmpeg');
  await writeFile(file, `#!/bin/sh\ncase "$*" in *-progress*) ${before};; esac\nexec ${ffmpegPath} "$@"\n`);
  await chmod(file, 0o755);
  const probe = path.join(folder, 'ffprobe');
  await writeFile(probe, `#!/bin/sh\nexec ${ffmpegPath.replace(/ffmpeg$/, 'ffprobe')} "$@"\n`);
  await chmod(probe, 0o755);
  return file;
}

/** Three parts of a minute, which are quickly encoded. Its pixel format is not played as it is. */
const threeMinutes = (folder: string, pixelFormat = 'yuv444p') => make(folder, 'long.mp4', ['-f', 'lavfi', '-i', 'testsrc2=size=64x36:rate=2:duration=185', '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '4', '-pix_fmt', pixelFormat]);

function countingPuts(store: ObjectStore): { store: ObjectStore; keys: string[] } {
  const keys: string[] = [];
  const put: ObjectStore['put'] = (key, ...others) => {
    keys.push(key);
    return store.put(key, ...others);
  };
  return { keys, store: new Proxy(store, { get: (target, name) => (name === 'put' ? put : (Reflect.get(target, name) as (...args: unknown[]) => unknown).bind(target)) }) };
}

const recordsIn = (keys: readonly string[]) => keys.filter((key) => /\/work-\w+\/video-/.test(key)).map((key) => path.basename(key, '.json'));

describe('A transcode', () => {
  it('whose worker is killed goes on where it was, and makes no part twice', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'lectern-transcode-'));
    const before = await TranscodeBench.open({ folder });
    const videoId = await before.upload(await threeMinutes(folder));
    await before.leave();
    const child = spawn(process.execPath, [script, folder, await slowFfmpeg(folder, 'sleep 1')], { stdio: ['ignore', 'ignore', 'inherit'] });
    const exited = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)));
    await until('a part', async () => recordsIn(await before.keys(`videos/${videoId}/`)).length > 0 || child.exitCode !== null);
    child.kill('SIGKILL');
    expect(await exited).toBe('SIGKILL');

    const after = await TranscodeBench.open({ folder });
    onTestFinished(() => after.close());
    const known = recordsIn(await after.keys(`videos/${videoId}/`));
    expect(known.length).toBeGreaterThan(0);
    expect(known.length).toBeLessThan(4);
    const { store, keys } = countingPuts(after.store);
    // A lease later.
    await after.worker({ store, clock: { ...systemClock, nowMs: () => systemClock.nowMs() + 60_000, after: systemClock.after.bind(systemClock) } });
    const row = await after.finished(videoId);
    expect(row).toMatchObject({ state: 'ready', failure: null });
    const made = recordsIn(keys);
    expect(made.filter((task) => known.includes(task))).toEqual([]);
    expect([...known, ...made].sort()).toEqual(['video-main-0-0', 'video-main-0-1', 'video-main-0-2']);
    const { renditions } = await after.manifest(row);
    expect(renditions.map(({ parts }) => parts.length)).toEqual([3]);
    expect(await after.keys(`videos/${videoId}/1/work`)).toEqual([]);
  });

  it('that is cancelled stops, and leaves nothing behind', async () => {
    const bench = await TranscodeBench.open();
    onTestFinished(() => bench.close());
    await bench.worker({ ffmpeg: await slowFfmpeg(bench.folder, 'exec sleep 600') });
    const videoId = await bench.upload(await threeMinutes(bench.folder));
    await until('the first part', async () => (await bench.videos.get(videoId)).work?.stage === 'encoding' && (await leftovers(bench.folder)).length > 0);
    const requests = new TranscodeRequests({ ...bench, jobs: bench.jobs });
    expect(await requests.cancel(videoId)).toMatchObject({ state: 'failed', work: null, failure: { code: 'video.unfinished' } });
    expect(await requests.cancel(videoId)).toMatchObject({ work: null });
    await bench.leaveWorkers();
    const { sourceFile } = await bench.videos.get(videoId);
    expect(await bench.keys(`videos/${videoId}/`)).toEqual([sourceFile?.key]);
    expect(await leftovers(bench.folder)).toEqual([]);

    // It can be requested again, in one size.
    await bench.worker();
    expect(await requests.request(videoId, [240])).toMatchObject({ work: { stage: 'waiting' } });
    expect(await bench.finished(videoId)).toMatchObject({ state: 'ready', failure: null, renditions: [{ id: 'main-240' }] });
  });

  it('of a video that is deleted stops by itself', async () => {
    const bench = await TranscodeBench.open();
    onTestFinished(() => bench.close());
    await bench.worker({ ffmpeg: await slowFfmpeg(bench.folder, 'exec sleep 600') });
    const videoId = await bench.upload(await threeMinutes(bench.folder));
    await until('the first part', async () => (await leftovers(bench.folder)).length > 0 && (await bench.videos.get(videoId)).work?.stage === 'encoding');
    await bench.database.collection(videoCollection).updateOne({ _id: videoId }, { $set: { deletedAt: new Date().toISOString() } });
    await until('the end of the tasks', async () => (await leftovers(bench.folder)).length === 0);
    expect((await bench.videos.get(videoId)).manifest).toBeNull();
  });

  it('of a video that plays as it was uploaded is replaced by the ladder in one step', async () => {
    const bench = await TranscodeBench.open();
    onTestFinished(() => bench.close());
    await bench.worker({ ffmpeg: await slowFfmpeg(bench.folder, 'sleep 2') });
    const videoId = await bench.upload(await threeMinutes(bench.folder, 'yuv420p'));
    const early = await until('something to play', async () => {
      const row = await bench.videos.get(videoId);
      return row.state === 'ready' ? row : undefined;
    });
    expect(early.renditions.map(({ id }) => id)).toEqual(['source-video']);
    expect(early.durationSeconds).toBeCloseTo(185, 0);
    expect(early.work).not.toBeNull();
    const row = await bench.finished(videoId);
    expect(row.renditions.map(({ id }) => id)).toEqual(['main-240']);
    expect(row.manifest?.key).not.toBe(early.manifest?.key);
    // Those who watch the upload itself can finish.
    expect(row.replaced?.key).toBe(early.manifest?.key);
    expect(row.bytes).toBe((row.sourceFile?.bytes ?? 0) + row.renditions.reduce((sum, { bytes }) => sum + bytes, 0));

    const requests = new TranscodeRequests({ ...bench, jobs: bench.jobs });
    await requests.request(videoId, undefined);
    const again = await bench.finished(videoId);
    expect(again).toMatchObject({ generation: 2, state: 'ready' });
    await bench.jobs.add(taskJobs, taskJob({ videoId, runId: 'later', task: 'remove' }, 0));
    await until('the removal', async () => (await bench.videos.get(videoId)).replaced === null && (await bench.keys(`videos/${videoId}/1/`)).length <= 1);
    expect(await bench.keys(`videos/${videoId}/1/`)).toEqual([again.posterKey]);
    expect((await bench.manifest(again)).renditions[0]?.parts.length).toBe(3);
  });

  it('of a video that does not play as it was uploaded shows one size before the others are made', async () => {
    const bench = await TranscodeBench.open();
    onTestFinished(() => bench.close());
    await bench.worker({ ffmpeg: await slowFfmpeg(bench.folder, 'sleep 1') });
    const file = await make(bench.folder, 'two-sizes.mp4', ['-f', 'lavfi', '-i', 'testsrc2=size=480x360:rate=1:duration=130', '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '4', '-pix_fmt', 'yuv444p']);
    const videoId = await bench.upload(file);
    const early = await until('something to play', async () => {
      const row = await bench.videos.get(videoId);
      return row.state === 'ready' ? row : undefined;
    });
    expect(early.renditions.map(({ id }) => id)).toEqual(['main-360']);
    expect(early.work).not.toBeNull();
    const row = await bench.finished(videoId);
    expect(row.renditions.map(({ id }) => id)).toEqual(['main-360', 'main-240']);
    expect(new Set((await bench.manifest(row)).renditions.map(({ segments }) => segments.map(({ durationMs }) => durationMs).join())).size).toBe(1);
  });
});
