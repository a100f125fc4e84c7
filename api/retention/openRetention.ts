import { ChatErasure } from '#engine';
import { toInstant } from '#engine/kernel';
import type { Bus, Clock, Database, JobQueue, Logger } from '#engine/kernel';
import { StoredVideos } from '#recorder';
import { CourseStore } from '../courses/CourseStore.ts';
import { MailQueue, MailStore } from '../mail/index.ts';
import type { CurrentSettings } from '../settings/index.ts';
import { Retention } from './Retention.ts';
import { RetentionStore } from './RetentionStore.ts';

export interface OpenRetentionOptions {
  database: Database;
  bus: Bus;
  jobs: JobQueue;
  settings: CurrentSettings;
  clock: Clock;
  logger: Logger;
}

/** The retention of videos and chats over the stores of the site. */
export function openRetention({ database, bus, jobs, settings, clock, logger }: OpenRetentionOptions): { store: RetentionStore; retention: Retention; videos: StoredVideos } {
  const [store, videos, courses, chats] = [new RetentionStore(database), new StoredVideos(database), new CourseStore(database), new ChatErasure({ database, bus })];
  const retention = new Retention({
    store,
    videos,
    courses,
    allCourseIds: () => courses.ids(),
    site: () => settings.current,
    deleteVideo: (videoId) => videos.delete(videoId, toInstant(clock.nowMs())),
    eraseChats: (courseId, before) => chats.eraseBefore(courseId, before),
    mails: new MailQueue({ store: new MailStore(database), jobs, clock }),
    clock,
    logger,
  });
  return { store, retention, videos };
}
