import * as z from 'zod';
import { Chapter, maxChapters } from '#recorder/contract';
import { VideoParams } from './content.ts';
import { route } from './route.ts';

/** The chapters as those who edit them see them. All times are source time: those of the whole video, which no cut moves. */
export const VideoChapterList = z.object({ chapters: z.array(Chapter).describe('In order.') });
export type VideoChapterList = z.infer<typeof VideoChapterList>;

const path = '/api/v1/content/:videoId/chapters';

export const chapterRoutes = {
  getChapters: route({ method: 'GET', path, params: VideoParams, response: VideoChapterList, auth: 'user', summary: 'Get the chapters of a video for editing, in source time.' }),
  setChapters: route({
    method: 'PUT',
    path,
    params: VideoParams,
    body: z.object({ chapters: z.array(Chapter).max(maxChapters).describe('All chapters that the video shall have, in any order, no two at the same moment.') }),
    response: VideoChapterList,
    auth: 'user',
    summary: 'Replace the chapters of a video.',
  }),
};
