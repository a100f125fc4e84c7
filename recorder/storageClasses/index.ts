export { restoreJob, startClassJobs } from './classJobs.ts';
export type { ClassRules } from './classRules.ts';
export { openRestoreRequests, outlookOf, requireReadable } from './Restores.ts';
export type { RestoreOutlook, RestoreRequestRow, Restores } from './Restores.ts';
export { openClassMover, openRestores } from './openStorageClasses.ts';
export type { OpenStorageClassesOptions } from './openStorageClasses.ts';
export { StoredVideos } from './StoredVideos.ts';
