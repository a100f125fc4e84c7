import * as z from 'zod';
import { errorCodes } from '#engine/contract';

export const FieldProblem = z.object({
  path: z.string().describe('The field, dotted, from the body, the query or the path: `scheduledAt`, `roles.0`.'),
  message: z.string().describe('A sentence for the person who filled it in.'),
});
export type FieldProblem = z.infer<typeof FieldProblem>;

/** RFC 9457, `application/problem+json`: the answer to everything that failed. */
export const Problem = z.object({
  type: z.string().describe('`urn:lectern:problem:<code>`'),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.enum(errorCodes),
  instance: z.string().describe('The request id, or for `internal` the incident id: both stand in the log.'),
  errors: z.array(FieldProblem).optional().describe('What is wrong, field by field; always with `request.invalid`.'),
  details: z.record(z.string(), z.unknown()).optional().describe('Plain data about the failure: `lectureId` with `lecture.alreadyLive`.'),
  retryAfterSeconds: z.number().optional().describe('With `request.tooFrequent` and `server.busy`.'),
});
export type Problem = z.infer<typeof Problem>;

export const problemContentType = 'application/problem+json';
