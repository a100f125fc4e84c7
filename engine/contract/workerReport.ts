import * as z from 'zod';
import { LectureId } from './ids.ts';

/** The part of a lecture that is on one media worker. */
export const WorkerLecture = z.object({
  lectureId: LectureId,
  viewers: z.number().int().describe('Connections that receive its media from this worker.'),
  pipes: z.number().int().describe('Tracks that reach this worker from the one of the publishers.'),
  egressBps: z.number().int().describe('What it sends to the viewers of this lecture, bits per second.'),
  hasPublishers: z.boolean().describe('Its publishers and its recording are on this worker.'),
});
export type WorkerLecture = z.infer<typeof WorkerLecture>;

/** A media worker and its load now. */
export const WorkerReport = z.object({
  index: z.number().int().describe('From 0; the media port is `LECTERN_RTC_PORT` plus this.'),
  pid: z.number().int().nullable().describe('Its process; null while it is being restarted.'),
  cpuShare: z.number().describe('Share of one core that it has used in the last seconds, from 0 to 1.'),
  egressBps: z.number().int().describe('What it sends to viewers, bits per second.'),
  lectures: z.array(WorkerLecture),
});
export type WorkerReport = z.infer<typeof WorkerReport>;

/** A media worker of a site of several nodes. */
export const NodeWorker = WorkerReport.extend({ nodeId: z.string().describe('The live node that it belongs to: `nod_…`.') });
export type NodeWorker = z.infer<typeof NodeWorker>;
