export { createEnrolment } from './createEnrolment.ts';
export type { Enrolment } from './createEnrolment.ts';
export { enrolmentHandlers } from './enrolmentHandlers.ts';
export { startEnrolmentJobs } from './enrolmentJobs.ts';
export { rosterHandlers } from './rosterHandlers.ts';
