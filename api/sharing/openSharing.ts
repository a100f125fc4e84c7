import type { Bus, Clock, Database, JobQueue, TokenSigner } from '#engine/kernel';
import { ClipStore, VideoStore, VideoTrash } from '#recorder';
import type { TranscodeRequests } from '#recorder';
import type { VideoCatalog } from '../content/VideoCatalog.ts';
import type { VideoViews } from '../content/VideoViews.ts';
import type { Courses } from '../courses/Courses.ts';
import type { CourseStore } from '../courses/CourseStore.ts';
import { Removal } from '../removal/Removal.ts';
import { LinkStore } from './LinkStore.ts';
import { Sharing } from './Sharing.ts';
import { sharingHandlers } from './sharingHandlers.ts';

export interface OpenSharingOptions {
  database: Database;
  bus: Bus;
  clock: Clock;
  tokens: TokenSigner;
  jobQueue: JobQueue;
  transcodes: TranscodeRequests;
  videoCatalog: VideoCatalog;
}

/** Download, deletion and sharing of videos. */
export function openSharing(options: OpenSharingOptions, { views, courses, courseStore }: { views: VideoViews; courses: Courses; courseStore: CourseStore }) {
  const { database, jobQueue } = options;
  const [videos, trash] = [new VideoStore(database), new VideoTrash(options)];
  const sharing = new Sharing({ ...options, links: new LinkStore(database), videos, views, courses: courseStore });
  const removal = new Removal({ ...options, trash, clips: new ClipStore(database), jobs: jobQueue });
  return { sharing, removal, handlers: sharingHandlers({ ...options, sharing, removal, trash, videos, courses }) };
}
