import { toInstant } from '#engine/kernel';
import type { Clock, JobQueue } from '#engine/kernel';
import type { VideoStore } from '../library/index.ts';
import type { ObjectStore } from '../storage/index.ts';
import { prepareJob, prepareJobs } from '../transcode/index.ts';
import type { ArrivedUpload } from './Arrivals.ts';

export interface MakeVideosOptions {
  videos: VideoStore;
  store: Pick<ObjectStore, 'delete'>;
  jobs: JobQueue;
  clock: Clock;
}

/** Makes the video of a checked file, or gives an existing one the file. False if there is no such video any more. It may be called again. */
export function makeVideos({ videos, store, jobs, clock }: MakeVideosOptions): (upload: ArrivedUpload) => Promise<boolean> {
  return async ({ uploadId: _uploadId, replaces, ...upload }) => {
    const { videoId, sourceFile } = upload;
    if (replaces) {
      const replaced = await videos.replaceSource(videoId, sourceFile);
      if (!replaced) return false;
      if (replaced.before !== null) await store.delete(replaced.before);
    } else {
      await videos.createUpload({ ...upload, createdAt: toInstant(clock.nowMs()) });
    }
    await jobs.add(prepareJobs, prepareJob(videoId));
    return true;
  };
}
