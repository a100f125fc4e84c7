export { openSweep } from './openSweep.ts';
export type { Sweep } from './Sweep.ts';
export { sweepHandler, sweepJobs, SweepStore } from './sweepJobs.ts';
export type { IncompleteVideo, OrphanedObject, SweepReport } from './SweepReport.ts';
