export { Chapter, editedChapters, maxChapters, maxChapterTitleLength } from './chapters.ts';
export { editedDurationMs, keptSpans, nearestEditedMs, Span, toEditedMs, toEditedSpan, toSourceMs } from './editedTime.ts';
export { EditLists } from './editLists.ts';
export { StorageClass } from './storageClass.ts';
export { RenditionGroup, RenditionId, RenditionSummary, VideoFailure, VideoSource, VideoState, VideoVisibility, VideoWork } from './video.ts';
export { CaptionFormat, CaptionLanguage, Cue, maxCaptionBytes, maxCaptionLabelLength, maxCaptionTracks, maxCueLength, maxCueMs, maxCues, sortCues } from './captions.ts';
export { cleanCueText, parseCueText, plainCueText } from './cueText.ts';
export type { CueElement, CueNode } from './cueText.ts';
