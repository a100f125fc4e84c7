export { Browser } from './Browser.ts';
export { refusal } from './refusal.ts';
export { startSharedTestApi, startTestApi } from './startTestApi.ts';
export type { TestApi, TestApiOptions } from './startTestApi.ts';
export { talk } from './talk.ts';
