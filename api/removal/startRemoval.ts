import { toInstant } from '#engine/kernel';
import type { Clock, Database, JobQueue, JobWorker, Logger } from '#engine/kernel';
import type { CourseId } from '#engine/contract';
import { VideoId } from '#engine/contract';
import { CaptionStore, openTranscodeRequests, purgeJobs, startVideoRemoval, StorageUsage, VideoTrash } from '#recorder';
import type { ObjectStore, RemoveOfVideo } from '#recorder';
import type { CourseErasure } from '../courses/CourseErasure.ts';
import { communityRemoval } from '../community/openCommunity.ts';
import { ProgressStore } from '../content/ProgressStore.ts';
import { WatchedStore } from '../progress/index.ts';
import { MaterialStore } from '../materials/MaterialStore.ts';
import { MomentStore } from '../quizzes/MomentStore.ts';
import { LinkStore } from '../sharing/LinkStore.ts';

export interface StartRemovalOptions {
  database: Database;
  store: ObjectStore;
  jobs: JobQueue;
  clock: Clock;
  logger: Logger;
}

/** What the API stores of videos. A store that holds documents of videos adds the function that removes those of one video here. */
export function removalsOfVideo({ database, store, jobs, clock }: Omit<StartRemovalOptions, 'logger'>): RemoveOfVideo[] {
  const [progress, watched, links, moments] = [new ProgressStore(database), new WatchedStore(database), new LinkStore(database), new MomentStore(database)];
  const [transcodes, usage] = [openTranscodeRequests({ database, store, jobs }), new StorageUsage(database)];
  const [materials, captions] = [new MaterialStore(database), new CaptionStore({ database, clock })];
  const community = communityRemoval(database);
  const toNow = () => toInstant(clock.nowMs());
  return [(video) => transcodes.endOf(video), ({ _id }) => progress.removeVideo(_id), ({ _id }) => watched.removeVideo(_id), ({ _id }) => links.removeVideo(_id), ({ _id }) => moments.removeVideo(_id), ({ _id }) => captions.removeVideo(_id), community, ({ _id, courseId }) => materials.detachVideo(courseId, _id), async ({ recordingId }) => recordingId !== null && usage.removeRecording(recordingId, toNow())];
}

/** Removes all videos of a course that is removed for good. A job for each of them follows. */
export async function expireVideos(courseId: CourseId, { database, clock, jobs }: Pick<StartRemovalOptions, 'database' | 'clock' | 'jobs'>): Promise<void> {
  for (const videoId of await new VideoTrash({ database, clock }).expireCourse(courseId)) await jobs.add(purgeJobs, { key: videoId, data: { videoId: VideoId.parse(videoId) } });
}

/** Lets a worker remove deleted courses and videos for good. Returns what ends the asking for that. */
export function startRemoval(worker: Pick<JobWorker, 'handle'>, { courses, ...options }: StartRemovalOptions & { courses: Pick<CourseErasure, 'handler'> }): () => void {
  worker.handle(courses.handler());
  return startVideoRemoval(worker, { ...options, removals: removalsOfVideo(options) });
}
