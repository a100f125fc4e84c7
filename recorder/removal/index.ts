export { VideoPurge } from './VideoPurge.ts';
export type { RemoveOfVideo, VideoPurgeOptions } from './VideoPurge.ts';
export { VideoTrash } from './VideoTrash.ts';
export { cancelWork, purgeDueJobs, purgeJobs, startVideoRemoval } from './removalJobs.ts';
export { videoTrashMs } from '../limits.ts';
export { openSweep } from './openSweep.ts';
export type { Sweep } from './Sweep.ts';
export { sweepHandler, sweepJobs, SweepStore } from './sweepJobs.ts';
export type { IncompleteVideo, OrphanedObject, SweepReport } from './SweepReport.ts';
