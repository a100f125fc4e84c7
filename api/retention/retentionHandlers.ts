import { CodedError, VideoId } from '#engine/contract';
import type { CourseId } from '#engine/contract';
import type { StoredVideos, VideoRow } from '#recorder';
import type { Handlers } from '../access/index.ts';
import type { RetainedVideo, retentionRoutes, RetentionView } from '../contract/index.ts';
import type { CurrentSettings } from '../settings/index.ts';
import type { Retention } from './Retention.ts';
import { effectiveRetention } from './retentionRules.ts';
import type { RetentionStore } from './RetentionStore.ts';

/** Videos in one answer. */
const maxShown = 200;

export interface RetentionHandlersOptions {
  store: RetentionStore;
  retention: Pick<Retention, 'replan'>;
  videos: StoredVideos;
  settings: CurrentSettings;
}

export function retentionHandlers({ store, retention, videos, settings }: RetentionHandlersOptions): Handlers<keyof typeof retentionRoutes> {
  const view = async (courseId: CourseId): Promise<RetentionView> => {
    const rules = await store.of(courseId);
    const { recordingDays, uploadDays, chatDays } = settings.current;
    const site = { recordingDays, uploadDays, chatDays };
    return { retention: rules, site, effective: effectiveRetention(rules, site), videos: (await videos.plannedOf(courseId, maxShown)).map(retainedVideo) };
  };
  return {
    getRetention: ({ params: { courseId } }) => view(courseId),
    setRetention: async ({ params: { courseId }, body }) => {
      await store.set(courseId, body);
      await retention.replan(courseId);
      return view(courseId);
    },
    keepVideo: async ({ params: { videoId }, body: { isKept }, course: { courseId } }) => {
      if (!(await videos.setKept(videoId, isKept))) throw new CodedError('video.notFound', 'There is no such video.', { details: { videoId } });
      await retention.replan(courseId);
      const video = await videos.find(videoId);
      if (!video) throw new CodedError('video.notFound', 'There is no such video.', { details: { videoId } });
      return retainedVideo(video);
    },
  };
}

function retainedVideo({ _id, title, source, createdAt, retainUntil, isKept }: VideoRow): RetainedVideo {
  return { id: VideoId.parse(_id), title, source, createdAt, retainUntil, isKept };
}
