import { background } from '#engine/kernel';
import type { Clock, Database, Logger } from '#engine/kernel';
import { requireReadable, StoredVideos } from '#recorder';
import type { ObjectStore } from '#recorder';
import type { VideoCatalog } from '../content/VideoCatalog.ts';

/** The videos, where one in the archive is refused with how long it takes, and a view is written down. */
export function catalogWithClasses(catalog: VideoCatalog, { database, objects, clock, logger }: { database: Database; objects: ObjectStore; clock: Clock; logger: Logger }): VideoCatalog {
  const stored = new StoredVideos(database);
  return {
    ...catalog,
    playback: async (videoId) => {
      const watched = await stored.find(videoId);
      const video = watched?.clipOf ? await stored.find(watched.clipOf.videoId) : watched;
      if (video) requireReadable(video, objects);
      const playback = await catalog.playback(videoId);
      if (video) background('video.watched', stored.watched(video, clock.nowMs()), logger);
      return playback;
    },
  };
}
