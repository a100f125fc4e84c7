import { ChatErasure } from '#engine';
import { VideoId } from '#engine/contract';
import type { Bus, Clock, Database, JobQueue, Logger } from '#engine/kernel';
import { ClipStore, openTranscodeRequests, StoredVideos, VideoTrash } from '#recorder';
import type { ObjectStore } from '#recorder';
import { CourseStore } from '../courses/CourseStore.ts';
import { MailQueue, MailStore } from '../mail/index.ts';
import type { CurrentSettings } from '../settings/index.ts';
import { Removal } from '../removal/Removal.ts';
import { Retention } from './Retention.ts';
import { RetentionStore } from './RetentionStore.ts';

export interface OpenRetentionOptions {
  database: Database;
  bus: Bus;
  jobs: JobQueue;
  store: ObjectStore;
  settings: CurrentSettings;
  clock: Clock;
  logger: Logger;
}

/** The retention of videos and chats over the stores of the site. */
export function openRetention({ database, bus, jobs, store: objects, settings, clock, logger }: OpenRetentionOptions): { store: RetentionStore; retention: Retention; videos: StoredVideos } {
  const [store, videos, courses, chats] = [new RetentionStore(database), new StoredVideos(database), new CourseStore(database), new ChatErasure({ database, bus })];
  const removal = new Removal({ trash: new VideoTrash({ database, clock }), clips: new ClipStore(database), transcodes: openTranscodeRequests({ database, store: objects, jobs }), jobs, bus });
  const retention = new Retention({
    store,
    videos,
    courses,
    allCourseIds: () => courses.ids(),
    site: () => settings.current,
    deleteVideo: async (videoId) => {
      // A video that is restored shows no date until the rule has planned one again.
      await videos.setRetainUntil(videoId, null);
      await removal.delete(VideoId.parse(videoId), null);
    },
    eraseChats: (courseId, before) => chats.eraseBefore(courseId, before),
    mails: new MailQueue({ store: new MailStore(database), jobs, clock }),
    clock,
    logger,
  });
  return { store, retention, videos };
}
