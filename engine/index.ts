export { ChatErasure } from './lecture/ChatErasure.ts';
export { lectureConfig } from './config.ts';
export type { LectureConfig } from './config.ts';
export * from './lecture/index.ts';
