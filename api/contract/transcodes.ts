import * as z from 'zod';
import { VideoId } from '#engine/contract';
import { VideoWork } from '#recorder/contract';
import { VideoParams } from './content.ts';
import { route } from './route.ts';

const Height = z.union([2160, 1440, 1080, 720, 480, 360, 240].map((height) => z.literal(height))).describe('The height of a rendition in 16:9, in pixels.');

const TranscodeView = z.object({
  videoId: VideoId,
  work: VideoWork.nullable().describe('What is being made of the video. Null: nothing.'),
});

export const transcodeRoutes = {
  transcodeVideo: route({
    method: 'POST',
    path: '/api/v1/content/:videoId/transcode',
    params: VideoParams,
    body: z.object({ heights: z.array(Height).min(1).max(7).optional().describe('Only these heights, as far as the source has them. Default: the whole ladder.') }),
    response: TranscodeView,
    auth: 'user',
    summary: 'Make the renditions of a video again. It plays those that it has until then.',
  }),
  cancelTranscode: route({
    method: 'POST',
    path: '/api/v1/content/:videoId/transcode/cancel',
    params: VideoParams,
    response: TranscodeView,
    auth: 'user',
    summary: 'Stop making renditions of a video.',
  }),
};
