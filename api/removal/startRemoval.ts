import type { Clock, Database, JobQueue, JobWorker, Logger } from '#engine/kernel';
import { startVideoRemoval } from '#recorder';
import type { ObjectStore, RemoveOfVideo } from '#recorder';
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

/** Lets a worker remove deleted videos for good. Returns what ends the asking for that. */
export function startRemoval(worker: Pick<JobWorker, 'handle'>, options: StartRemovalOptions): () => void {
  return startVideoRemoval(worker, { ...options, removals: removalsOfVideo(options.database) });
}
