import type { AccessPolicy } from '#engine';
import { CaptionStore, ClipStore, openTranscodeRequests, VideoChapters, VideoStore } from '#recorder';
import type { ApiOptions } from './ApiOptions.ts';
import { clipHandlers } from './clips/clipHandlers.ts';
import { captionHandlers } from './captions/captionHandlers.ts';
import { chapterHandlers } from './chapters/chapterHandlers.ts';
import { contentHandlers } from './content/contentHandlers.ts';
import { editHandlers } from './edits/editHandlers.ts';
import { libraryHandlers } from './content/libraryHandlers.ts';
import type { ProgressStore } from './content/ProgressStore.ts';
import { transcodeHandlers } from './content/transcodeHandlers.ts';
import type { VideoViews } from './content/VideoViews.ts';
import type { Categories } from './courses/Categories.ts';
import type { Courses } from './courses/Courses.ts';
import type { CourseStore } from './courses/CourseStore.ts';
import { materialParts } from './materials/openMaterials.ts';
import type { WatchedStore } from './progress/index.ts';
import { recommendationParts } from './recommendations/openRecommendations.ts';
import { openSharing } from './sharing/openSharing.ts';
import { openUploadParts } from './uploads/index.ts';

export interface VideoPartsContext {
  views: VideoViews;
  progress: ProgressStore;
  ranges: WatchedStore;
  courses: Courses;
  courseStore: CourseStore;
  categories: Categories;
  policy: AccessPolicy;
}

/** Everything about videos: their handlers, and what others use of them. `close`: stops following the logins. */
export function videoParts(options: ApiOptions, context: VideoPartsContext) {
  const { views, progress, ranges, courses, courseStore, policy } = context;
  const { database, videoCatalog, objects, jobQueue, clock } = options;
  const uploading = openUploadParts({ ...options, policy });
  const transcodes = openTranscodeRequests({ database, store: objects, jobs: jobQueue });
  const { sharing, removal, handlers: ofSharing } = openSharing({ ...options, transcodes }, { views, courses, courseStore });
  const handlers = {
    ...contentHandlers({ videoCatalog, views, progress, ranges, courses: courseStore, clock }),
    ...libraryHandlers({ ...options, ...context, removal, transcodes }),
    ...transcodeHandlers(transcodes),
    ...chapterHandlers({ chapters: new VideoChapters(options), videos: options.uploading.videos }),
    ...editHandlers({ cuts: options.cuts, videos: options.uploading.videos }),
    ...ofSharing,
    ...uploading.handlers,
    ...captionHandlers({ captions: new CaptionStore({ database, clock }), videos: new VideoStore(database) }),
    ...clipHandlers({ clips: new ClipStore(database), cuts: options.cuts, videos: new VideoStore(database), views, courseStore, clock }),
    ...materialParts({ ...options, policy }),
    ...recommendationParts({ ...options, ...context }),
  };
  return { handlers, sharing, uploadAbilities: uploading.abilities, close: uploading.close };
}
