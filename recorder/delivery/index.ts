export { MediaDelivery } from './MediaDelivery.ts';
export type { MediaDeliveryOptions } from './MediaDelivery.ts';
export type { MediaResponse, MediaRequest } from './mediaResponse.ts';
export type { CaptionLibrary, MediaGate, MediaLocation, MediaViewer, PlaylistText, PosterLocator, RecordingLibrary, VideoMediaLibrary } from './RecordingLibrary.ts';
export { forgetRevoked, videoAccessChanged } from './forgetRevoked.ts';
export type { ForgetRevokedOptions } from './forgetRevoked.ts';
