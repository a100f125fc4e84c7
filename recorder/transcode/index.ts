export { ladderHeights } from './ladder/ladder.ts';
export type { LadderHeight } from './ladder/ladder.ts';
export { startTranscoding } from './openTranscoding.ts';
export type { Transcoding, TranscodingOptions } from './openTranscoding.ts';
export { makePoster } from './poster.ts';
export type { Poster, PosterOptions } from './poster.ts';
export { prepareJob, prepareJobs } from './prepareJobs.ts';
export { openTranscodeRequests, TranscodeRequests } from './TranscodeRequests.ts';
export type { TranscodeRequestsOptions } from './TranscodeRequests.ts';
