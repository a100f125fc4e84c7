export { checkIngestConfig, ingestConfig } from './config.ts';
export type { IngestConfig } from './config.ts';
export { requireFfmpeg } from './feed/requireFfmpeg.ts';
export { engineLectures } from './engineLectures.ts';
export { createIngest } from './createIngest.ts';
export type { EncoderPorts, Ingest, IngestOptions } from './createIngest.ts';
export type { DetachReason, IngestAttachment, IngestLectureEvent, IngestLecture, IngestLectures, IngestSources, IngestTracks } from './IngestLectures.ts';
export { shareReplacements } from './keys/shareReplacements.ts';
export { StreamKeys } from './keys/StreamKeys.ts';
