import { VideoId } from '#engine/contract';
import type { TranscodeRequests } from '#recorder';
import type { Handlers } from '../access/index.ts';
import type { transcodeRoutes } from '../contract/index.ts';

export function transcodeHandlers(requests: TranscodeRequests): Handlers<keyof typeof transcodeRoutes> {
  const view = ({ _id, work }: Awaited<ReturnType<TranscodeRequests['cancel']>>) => ({ videoId: VideoId.parse(_id), work });
  return {
    transcodeVideo: async ({ params, body }) => view(await requests.request(params.videoId, body.heights)),
    cancelTranscode: async ({ params }) => view(await requests.cancel(params.videoId)),
  };
}
