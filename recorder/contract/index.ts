export { EditLists } from './editLists.ts';
export { StorageClass } from './storageClass.ts';
export { RenditionGroup, RenditionId, RenditionSummary, VideoFailure, VideoSource, VideoState, VideoVisibility, VideoWork } from './video.ts';
