export { MediaDelivery } from './MediaDelivery.ts';
export type { MediaDeliveryOptions } from './MediaDelivery.ts';
export type { MediaAnswer, MediaRequest } from './mediaAnswer.ts';
export type { MediaGate, MediaLocation, PlaylistText, PosterShelf, RecordingLibrary } from './RecordingLibrary.ts';
