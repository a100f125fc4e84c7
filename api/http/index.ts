export { createApp } from './createApp.ts';
export { limitBodySize } from './limitBodySize.ts';
export { createServer, listen } from './createServer.ts';
export type { WebServer } from './createServer.ts';
export { KnownDevices } from './KnownDevices.ts';
export type { MediaService } from './mountMedia.ts';
export { RateLimits } from './RateLimits.ts';
