import type { Clock, Database, Logger } from '#engine/kernel';
import { Journal } from '../journal/Journal.ts';
import { VideoStore } from '../library/VideoStore.ts';
import { VideoMedia } from '../renditions/index.ts';
import type { ObjectStore } from '../storage/index.ts';
import { StoredVideos } from '../storageClasses/StoredVideos.ts';
import { Sweep } from './Sweep.ts';

/** A sweep over the rows of the site. */
export function openSweep({ database, store, clock, logger }: { database: Database; store: ObjectStore; clock: Clock; logger: Logger }): Sweep {
  const [stored, videos] = [new StoredVideos(database), new VideoStore(database)];
  const media = new VideoMedia({ videos, store, clock });
  return new Sweep({ manifestOf: (file) => media.manifest(file), store, journal: new Journal(database, undefined, store), videos: { find: (videoId) => stored.find(videoId), ofRecording: (recordingId) => videos.ofRecording(recordingId), all: () => stored.all() }, clock, logger });
}
