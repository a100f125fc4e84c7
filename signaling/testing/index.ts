export { handoverMs } from '../limits.ts';
export { accepted, received, request, requestRaw, TestRoom, useTestRoom } from './TestRoom.ts';
export type { Client } from './TestRoom.ts';
