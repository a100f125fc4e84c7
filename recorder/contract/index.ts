export { EditLists } from './editLists.ts';
export { RenditionGroup, RenditionId, RenditionSummary, VideoFailure, VideoSource, VideoState, VideoStorageClass, VideoVisibility, VideoWork } from './video.ts';
