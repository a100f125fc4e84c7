import type { VideoChapters, VideoRow, VideoStore } from '#recorder';
import type { Handlers } from '../access/index.ts';
import type { chapterRoutes, VideoChapterList } from '../contract/index.ts';

export interface ChapterHandlersOptions {
  chapters: VideoChapters;
  videos: Pick<VideoStore, 'get'>;
}

/** The chapters of videos, for those who edit them. */
export function chapterHandlers({ chapters, videos }: ChapterHandlersOptions): Handlers<keyof typeof chapterRoutes> {
  return {
    getChapters: async ({ params }) => view(await videos.get(params.videoId)),
    setChapters: async ({ params, body }) => view(await chapters.set(params.videoId, body.chapters)),
  };
}

function view(row: VideoRow): VideoChapterList {
  return { chapters: row.chapters };
}
