export { MediaDelivery } from './MediaDelivery.ts';
export type { MediaDeliveryOptions } from './MediaDelivery.ts';
export type { MediaResponse, MediaRequest } from './mediaResponse.ts';
export type { MediaGate, MediaLocation, MediaViewer, PlaylistText, PosterLocator, RecordingLibrary } from './RecordingLibrary.ts';
export { forgetRevoked } from './forgetRevoked.ts';
export type { ForgetRevokedOptions } from './forgetRevoked.ts';
