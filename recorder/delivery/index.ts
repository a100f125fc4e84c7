export { MediaDelivery } from './MediaDelivery.ts';
export type { MediaDeliveryOptions, OpenedPlayback, PlaybackOf } from './MediaDelivery.ts';
export type { MediaAnswer, MediaRequest } from './mediaAnswer.ts';
export { mediaHandler } from './mediaHandler.ts';
export type { MediaGate, MediaLocation, PlaylistText, PosterShelf, RecordingLibrary } from './RecordingLibrary.ts';
