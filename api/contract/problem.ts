import * as z from 'zod';
import { errorCodes } from '#engine/contract';

export const FieldProblem = z.object({
  path: z.string().describe('The field of the body, the query or the path, with dots: `scheduledAt`, `roles.0`.'),
  message: z.string().describe('A sentence for the person who filled in the form.'),
});
export type FieldProblem = z.infer<typeof FieldProblem>;

/** The response to every failed request: RFC 9457, `application/problem+json`. */
export const Problem = z.object({
  type: z.string().describe('`urn:lectern:problem:<code>`'),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.enum(errorCodes),
  instance: z.string().describe('The request id, or with `internal` the incident id. Both are in the log of the server.'),
  errors: z.array(FieldProblem).optional().describe('What is wrong with each field; always with `request.invalid`.'),
  details: z.record(z.string(), z.unknown()).optional().describe('Plain data about the failure: `lectureId` with `lecture.alreadyLive`.'),
  retryAfterSeconds: z.number().optional().describe('With `request.tooFrequent` and `server.busy`.'),
});
export type Problem = z.infer<typeof Problem>;

export const problemContentType = 'application/problem+json';
