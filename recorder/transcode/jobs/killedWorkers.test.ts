import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { InProcessBus, JobAdministration, JobQueue, JobWorker, newId } from '#engine/kernel';
import type { JobKind } from '#engine/kernel';
import { ManualClock, openTestDatabase, silentLogger } from '#engine/testing';
import { VideoStore } from '../../library/index.ts';
import { openFolderObjectStore } from '../../storage/FolderObjectStore.ts';
import { transcodeAttempts } from '../limits.ts';
import { prepareJob, prepareJobs, taskJob, taskJobs } from '../prepareJobs.ts';
import { SourceFiles } from './SourceFiles.ts';
import { Transcoder } from './Transcoder.ts';
import { TranscodeStore } from './TranscodeStore.ts';

/** Any tool that is used fails the test. */
const unused = new Proxy({}, { get: (_, name) => { throw new Error(`${String(name)} was used`); } }) as never;

async function bench() {
  const [clock, database] = [new ManualClock(), await openTestDatabase()];
  const folder = await mkdtemp(path.join(tmpdir(), 'lectern-killed-'));
  onTestFinished(async () => {
    await database.close();
    await rm(folder, { recursive: true });
  });
  const bus = new InProcessBus({ clock, logger: silentLogger });
  const [videos, transcodes, jobs] = [new VideoStore(database), new TranscodeStore(database), new JobQueue({ database, bus, clock })];
  const store = await openFolderObjectStore(path.join(folder, 'objects'));
  const options = { videos, transcodes, jobs, store, clock, logger: silentLogger, workFolder: folder };
  const transcoder = new Transcoder({ ...options, recordings: unused, sources: new SourceFiles({ ...options, logger: silentLogger }), tools: unused, support: { hasToneMapping: false }, recordingLanguage: 'und' });
  const video = await videos.createUpload({ videoId: newId('vid'), courseId: newId('crs'), createdBy: newId('usr'), title: 'Waves', createdAt: '2030-01-01T10:00:00.000Z', sourceFile: { key: 'videos/a', bytes: 1, sha256: '', fileName: 'a.mp4', contentType: 'video/mp4' } });
  /** Claims the job so often, and lets its lease end each time. */
  const kill = async (kind: JobKind<never>, times: number) => {
    for (let time = 0; time < times; time += 1) {
      expect(await jobs.claim([kind as never], 'worker'), `try ${time + 1}`).toBeDefined();
      clock.advance(kind.leaseMs + 1);
      await jobs.sweep();
    }
  };
  const work = async () => {
    const worker = new JobWorker({ queue: jobs, bus, clock, logger: silentLogger, maxJobs: 4 });
    for (const handler of transcoder.handlers(1)) worker.handle(handler);
    await worker.start();
    onTestFinished(() => worker.close());
  };
  const doneCount = async () => (await new JobAdministration({ database, bus, clock }).counts()).done;
  return { videos, transcodes, jobs, videoId: video._id, kill, work, doneCount };
}

describe('A video whose work kills every worker', () => {
  it('fails with a reason when it is prepared, and nobody tries again', async () => {
    const { videos, jobs, videoId, kill, work, doneCount } = await bench();
    await jobs.add(prepareJobs, prepareJob(videoId));
    await kill(prepareJobs as never, transcodeAttempts);
    expect(await videos.get(videoId)).toMatchObject({ state: 'processing', work: { stage: 'waiting' } });
    await work();
    await expect.poll(() => videos.get(videoId), { timeout: 30_000 }).toMatchObject({ state: 'failed', work: null, failure: { code: 'video.unfinished' } });
    await expect.poll(doneCount, { timeout: 30_000 }).toBe(1);
  });

  it('fails when one of its tasks does, and its transcode ends', async () => {
    const { videos, transcodes, jobs, videoId, kill, work } = await bench();
    const { runId } = await transcodes.begin(videoId, { generation: 1, heights: null });
    await jobs.add(taskJobs, taskJob({ videoId, runId, task: 'video-main-0-0' }, 0));
    await kill(taskJobs as never, transcodeAttempts);
    await work();
    await expect.poll(() => videos.get(videoId), { timeout: 30_000 }).toMatchObject({ state: 'failed', work: null, failure: { code: 'video.unfinished' } });
    expect(await transcodes.find(videoId)).toBeUndefined();
  });

  it('stays as it is when the task belongs to a transcode that was cancelled', async () => {
    const { videos, transcodes, jobs, videoId, kill, work, doneCount } = await bench();
    await jobs.add(taskJobs, taskJob({ videoId, runId: 'cancelled', task: 'fold' }, 0));
    const { runId } = await transcodes.begin(videoId, { generation: 1, heights: null });
    await kill(taskJobs as never, transcodeAttempts);
    const row = await videos.get(videoId);
    await work();
    await expect.poll(doneCount, { timeout: 30_000 }).toBe(1);
    expect(await videos.get(videoId)).toEqual(row);
    expect(await transcodes.find(videoId)).toMatchObject({ runId });
  });
});
