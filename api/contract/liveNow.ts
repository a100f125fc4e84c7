import * as z from 'zod';
import { CourseId, Instant, LectureId, LiveReport, LiveSample } from '#engine/contract';
import { LectureParams } from './lectures.ts';
import { route } from './route.ts';

/** A lecture that is on the air, for administrators. */
export const LiveNow = z.object({
  lectureId: LectureId,
  title: z.string(),
  course: z.object({ id: CourseId, title: z.string() }),
  state: z.enum(['live', 'interrupted']),
  startedAt: Instant.nullable(),
  nodeId: z.string().nullable().describe('The live node that owns it; null while none answers for it.'),
  report: LiveReport.omit({ lectureId: true }).nullable().describe('Null while its owner does not answer.'),
});
export type LiveNow = z.infer<typeof LiveNow>;

export const liveNowRoutes = {
  listLive: route({
    method: 'GET',
    path: '/api/v1/live',
    response: z.object({ lectures: z.array(LiveNow).describe('The largest audience first.') }),
    auth: 'admin',
    summary: 'List what is live now: on which node, with which bitrates, audience and encoder.',
  }),
  listLiveSamples: route({
    method: 'GET',
    path: '/api/v1/live/:lectureId/samples',
    params: LectureParams,
    response: z.object({ samples: z.array(LiveSample).describe('The oldest first; since the lecture went live, or since its node took it over.') }),
    auth: 'admin',
    summary: 'Get the audience and the bitrates of a live lecture over time.',
  }),
};
