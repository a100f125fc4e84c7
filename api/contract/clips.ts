import * as z from 'zod';
import { Span } from '#recorder/contract';
import { VideoParams } from './content.ts';
import { VideoTitle } from './library.ts';
import { route } from './route.ts';
import { VideoView } from './video.ts';

const path = '/api/v1/content/:videoId/clips';

export const clipRoutes = {
  createClip: route({
    method: 'POST',
    path,
    params: VideoParams,
    body: Span.safeExtend({ title: VideoTitle }).describe('What viewers see from `startMs` to `endMs`: in edited time.'),
    response: VideoView,
    status: 201,
    auth: 'user',
    summary: 'Make a clip: a video that is a part of this one, also while its lecture is live. It is widened to whole segments; nothing is encoded.',
  }),
  listClips: route({
    method: 'GET',
    path,
    params: VideoParams,
    response: z.object({
      clips: z.array(VideoView).describe('The newest first.'),
      mayCreate: z.boolean().describe('The course lets you make clips.'),
    }),
    auth: 'user',
    summary: 'List the clips of a video.',
  }),
};
