import * as z from 'zod';
import { Instant, RecordId } from '#engine/contract';
import { Span } from '#recorder/contract';
import { VideoParams } from './content.ts';
import { route } from './route.ts';

/** A part of a video that nobody is served. All times are source time: those of the whole video, which no cut moves. */
export const CutView = z.object({
  id: RecordId,
  startMs: z.number().min(0),
  endMs: z.number().min(0),
  cutAt: Instant,
  undoUntil: Instant.nullable().describe('Until when it can be undone. Null: its bytes were removed from the store.'),
});
export type CutView = z.infer<typeof CutView>;

export const VideoEdits = z.object({
  durationMs: z.number().describe('Of the whole video.'),
  editedDurationMs: z.number().describe('Of what viewers see.'),
  cuts: z.array(CutView).describe('In order, without overlaps.'),
  cutPoints: z.array(z.number()).describe('Where a cut can begin and end: between segments. A cut is widened to them.'),
});
export type VideoEdits = z.infer<typeof VideoEdits>;

const path = '/api/v1/content/:videoId/edits';

export const editRoutes = {
  getEdits: route({ method: 'GET', path, params: VideoParams, response: VideoEdits, auth: 'user', summary: 'Get what is cut of a video, in source time.' }),
  setEdits: route({
    method: 'PUT',
    path,
    params: VideoParams,
    body: z.object({
      cuts: z.array(Span).max(500).describe('All cuts that the video shall have: one that is left out is undone. A new one is widened to the segments that it touches.'),
    }),
    response: VideoEdits,
    auth: 'user',
    summary: 'Cut parts of a video, and undo that. It is in force at once, for everybody; nothing is encoded again.',
  }),
};
