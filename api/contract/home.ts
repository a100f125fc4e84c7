import * as z from 'zod';
import { LectureView } from './lectureView.ts';
import { route } from './route.ts';
import { WatchedVideo } from './video.ts';

/** What concerns the caller in all of their courses. */
export const Home = z.object({
  live: z.array(LectureView),
  next: z.array(LectureView).describe('Scheduled lectures, the soonest first; at most 12.'),
  continueWatching: z.array(WatchedVideo).describe('Videos not watched to the end, the latest first; at most 12.'),
});
export type Home = z.infer<typeof Home>;

export const homeRoutes = {
  getHome: route({
    method: 'GET',
    path: '/api/v1/home',
    response: Home,
    auth: 'user',
    summary: 'What is live now, what is next, where you stopped.',
  }),
};
