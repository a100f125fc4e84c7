export { VideoPurge } from './VideoPurge.ts';
export type { RemoveOfVideo, VideoPurgeOptions } from './VideoPurge.ts';
export { VideoTrash } from './VideoTrash.ts';
export { cancelWork, purgeDueJobs, purgeJobs, startVideoRemoval } from './removalJobs.ts';
export { videoTrashMs } from '../limits.ts';
