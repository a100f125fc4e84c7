import * as z from 'zod';
import { LectureId } from './ids.ts';
import { IngestHealth } from './ingestHealth.ts';
import { RecordingState } from './lecture.ts';

/** What the owner of a live lecture measures of it now. */
export const LiveReport = z.object({
  lectureId: LectureId,
  people: z.number().int().describe('In the room.'),
  viewers: z.number().int().describe('Connections that receive its media over WebRTC.'),
  sentBps: z.number().int().describe('To viewers over WebRTC, bits per second.'),
  receivedBps: z.number().int().nullable().describe('From its encoder, bits per second; null without one.'),
  encoder: IngestHealth.nullable(),
  recording: RecordingState,
});
export type LiveReport = z.infer<typeof LiveReport>;

/** What was measured at one moment. */
export const LiveSample = LiveReport.pick({ people: true, sentBps: true, receivedBps: true }).extend({ atMs: z.number().describe('In ms since 1970.') });
export type LiveSample = z.infer<typeof LiveSample>;
