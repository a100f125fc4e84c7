export { createApp } from './createApp.ts';
export { cutLongBodies } from './cutLongBodies.ts';
export { createServer, defaultTimeouts, listen } from './createServer.ts';
export type { ServerTimeouts, WebServer } from './createServer.ts';
export { KnownDevices } from './KnownDevices.ts';
export type { MediaAnswer, MediaDelivery, MediaRequest } from './MediaDelivery.ts';
export { RateLimits } from './RateLimits.ts';
