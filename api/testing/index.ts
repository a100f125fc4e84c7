export { Browser } from './Browser.ts';
export { FakeLectureDirectory } from './FakeLectureDirectory.ts';
export { FakeStreamKeyManager } from './FakeStreamKeyManager.ts';
export { FakeVideoCatalog } from './FakeVideoCatalog.ts';
export { refusal } from './refusal.ts';
export { startTestApi } from './startTestApi.ts';
export type { TestApi } from './startTestApi.ts';
