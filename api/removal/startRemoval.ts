import type { Clock, Database, JobQueue, JobWorker, Logger } from '#engine/kernel';
import type { CourseId } from '#engine/contract';
import { VideoId } from '#engine/contract';
import { purgeJobs, startVideoRemoval, VideoTrash } from '#recorder';
import type { ObjectStore, RemoveOfVideo } from '#recorder';
import type { CourseErasure } from '../courses/CourseErasure.ts';
import { ProgressStore } from '../content/ProgressStore.ts';
import { WatchedStore } from '../progress/index.ts';
import { LinkStore } from '../sharing/LinkStore.ts';

export interface StartRemovalOptions {
  database: Database;
  store: ObjectStore;
  jobs: JobQueue;
  clock: Clock;
  logger: Logger;
}

/** What the API stores of videos. A store that holds documents of videos adds the function that removes those of one video here. */
export function removalsOfVideo(database: Database): RemoveOfVideo[] {
  const [progress, watched, links] = [new ProgressStore(database), new WatchedStore(database), new LinkStore(database)];
  return [({ _id }) => progress.removeVideo(_id), ({ _id }) => watched.removeVideo(_id), ({ _id }) => links.removeVideo(_id)];
}

/** Removes all videos of a course that is removed for good. A job for each of them follows. */
export async function expireVideos(courseId: CourseId, { database, clock, jobs }: Pick<StartRemovalOptions, 'database' | 'clock' | 'jobs'>): Promise<void> {
  for (const videoId of await new VideoTrash({ database, clock }).expireCourse(courseId)) await jobs.add(purgeJobs, { key: videoId, data: { videoId: VideoId.parse(videoId) } });
}

/** Lets a worker remove deleted courses and videos for good. Returns what ends the asking for that. */
export function startRemoval(worker: Pick<JobWorker, 'handle'>, { courses, ...options }: StartRemovalOptions & { courses: Pick<CourseErasure, 'handler'> }): () => void {
  worker.handle(courses.handler());
  return startVideoRemoval(worker, { ...options, removals: removalsOfVideo(options.database) });
}
