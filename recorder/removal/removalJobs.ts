import { ClipStore } from '../clips/ClipStore.ts';
import * as z from 'zod';
import { VideoId } from '#engine/contract';
import { background, jobKind, retryUntilPersisted } from '#engine/kernel';
import type { Clock, Database, JobQueue, JobWorker, Logger } from '#engine/kernel';
import { Journal } from '../journal/Journal.ts';
import { posterJobs } from '../library/posterJobs.ts';
import type { VideoRow } from '../library/VideoRow.ts';
import { purgeAttempts, purgeIntervalMs, purgeRetryMs } from '../limits.ts';
import type { ObjectStore } from '../storage/ObjectStore.ts';
import { VideoPurge } from './VideoPurge.ts';
import type { RemoveOfVideo } from './VideoPurge.ts';
import { VideoTrash } from './VideoTrash.ts';

/** Removes one deleted video for good. */
export const purgeJobs = jobKind('video.purge', { data: z.object({ videoId: VideoId }), maxAttempts: purgeAttempts, retryFirstMs: purgeRetryMs });
/** Adds a job for every video whose time is over. */
export const purgeDueJobs = jobKind('video.purgeDue', { data: z.null() });

/** Jobs that make something of a video: the name of their kind, and their key. */
const workOn: readonly { name: string; keyOf: (video: Pick<VideoRow, '_id' | 'recordingId'>) => string | null }[] = [
  { name: posterJobs.name, keyOf: ({ recordingId }) => recordingId },
  { name: 'video.prepare', keyOf: ({ _id }) => _id },
];

/** Cancels what is being made of a deleted video. */
export async function cancelWork(jobs: Pick<JobQueue, 'cancel'>, video: Pick<VideoRow, '_id' | 'recordingId'>): Promise<void> {
  for (const { name, keyOf } of workOn) {
    const key = keyOf(video);
    if (key !== null) await jobs.cancel({ name }, key);
  }
}

export interface VideoRemovalOptions {
  database: Database;
  store: ObjectStore;
  jobs: JobQueue;
  clock: Clock;
  logger: Logger;
  /** What other collections hold of a video. */
  removals: readonly RemoveOfVideo[];
}

/** Adds the jobs of all videos whose time is over. */
export async function purgeDue({ purge, jobs }: { purge: Pick<VideoPurge, 'due'>; jobs: JobQueue }): Promise<void> {
  for (const videoId of await purge.due()) await jobs.add(purgeJobs, { key: videoId, data: { videoId: VideoId.parse(videoId) } });
}

/** Lets a worker remove deleted videos, and asks for that until the database accepts it; once for the whole site. Returns what ends the asking. */
export function startVideoRemoval(worker: Pick<JobWorker, 'handle'>, { database, store, jobs, clock, logger, removals }: VideoRemovalOptions): () => void {
  const clips = new ClipStore(database);
  const cancel: RemoveOfVideo = async (video) => {
    await cancelWork(jobs, video);
    // Those that were restored on their own are removed next.
    await clips.deleteWith(video);
  };
  const purge = new VideoPurge({ trash: new VideoTrash({ database, clock }), journal: new Journal(database), store, removals: [cancel, ...removals], clock, logger });
  worker.handle({ kind: purgeJobs, concurrency: 1, run: ({ data }) => purge.purge(data.videoId) });
  worker.handle({ kind: purgeDueJobs, concurrency: 1, run: () => purgeDue({ purge, jobs }) });
  const closing = new AbortController();
  const ask = () => jobs.repeat(purgeDueJobs, { key: 'site', data: null, everyMs: purgeIntervalMs });
  background('videos.purgeDue', retryUntilPersisted(ask, { clock, signal: closing.signal }), logger);
  return () => closing.abort(new Error('the server is stopping'));
}
