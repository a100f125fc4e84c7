export { sfuConfig } from './config.ts';
export type { SfuConfig } from './config.ts';
export { createMediaPlane } from './createMediaPlane.ts';
export type { MediaPlaneOptions } from './createMediaPlane.ts';
export { mediaCodecs } from './mediaCodecs.ts';
