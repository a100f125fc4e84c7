import { editedDurationMs, keptSpans } from '#recorder/contract';
import type { VideoCuts, VideoRow, VideoStore } from '#recorder';
import type { Handlers } from '../access/index.ts';
import type { editRoutes, VideoEdits } from '../contract/index.ts';

export interface EditHandlersOptions {
  cuts: VideoCuts;
  videos: Pick<VideoStore, 'get'>;
}

/** Cutting videos. */
export function editHandlers({ cuts, videos }: EditHandlersOptions): Handlers<keyof typeof editRoutes> {
  const view = async (row: VideoRow): Promise<VideoEdits> => {
    const cutPoints = await cuts.points(row);
    const durationMs = cutPoints.at(-1) ?? 0;
    return {
      durationMs,
      editedDurationMs: editedDurationMs(keptSpans(durationMs, row.cuts)),
      cuts: row.cuts.map((cut) => ({ id: cut.id, startMs: cut.startMs, endMs: cut.endMs, cutAt: cut.cutAt, undoUntil: cuts.undoUntil(cut) })),
      cutPoints,
    };
  };
  return {
    getEdits: async ({ params }) => view(await videos.get(params.videoId)),
    setEdits: async ({ params, body, caller }) => view(await cuts.set(params.videoId, body.cuts, caller.userId)),
  };
}
