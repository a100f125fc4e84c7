export { signalingConfig } from './config.ts';
export type { SignalingConfig } from './config.ts';
export { createSignaling } from './SignalingServer.ts';
export type { SignalingOptions, SignalingServer } from './SignalingServer.ts';
