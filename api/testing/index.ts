export { Browser } from './Browser.ts';
export { FakeLectureDirectory } from './FakeLectureDirectory.ts';
export { FakeStreamKeyDesk } from './FakeStreamKeyDesk.ts';
export { FakeVideoShelf } from './FakeVideoShelf.ts';
export { refusal } from './refusal.ts';
export { startTestApi } from './startTestApi.ts';
export type { TestApi } from './startTestApi.ts';
