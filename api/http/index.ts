export { createApp } from './createApp.ts';
export { limitBodySize } from './limitBodySize.ts';
export { createServer, listen } from './createServer.ts';
export type { WebServer } from './createServer.ts';
export { KnownDevices } from './KnownDevices.ts';
export type { MediaService } from './mountMedia.ts';
export { limitConnections } from './limitConnections.ts';
export { connectionLimit, openFileLimit } from './openFileLimit.ts';
export { RateLimits } from './RateLimits.ts';
