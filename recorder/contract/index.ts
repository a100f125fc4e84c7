export { editedDurationMs, keptSpans, nearestEditedMs, Span, toEditedMs, toEditedSpan, toSourceMs } from './editedTime.ts';
export { EditLists } from './editLists.ts';
export { StorageClass } from './storageClass.ts';
export { RenditionGroup, RenditionId, RenditionSummary, VideoFailure, VideoSource, VideoState, VideoVisibility, VideoWork } from './video.ts';
