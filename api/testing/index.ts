export { Browser } from './Browser.ts';
export { refusal } from './refusal.ts';
export { startSharedTestApi, startTestApi } from './startTestApi.ts';
export type { TestApi, TestApiOptions } from './startTestApi.ts';
export { talk } from './talk.ts';
export { FakeProvider } from './FakeProvider.ts';
export type { FakePerson } from './FakeProvider.ts';
export { SoftwareAuthenticator } from './SoftwareAuthenticator.ts';
