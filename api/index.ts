import type { CourseRoles } from '#engine';
import type { Database } from '#engine/kernel';
import { AccountStore } from './accounts/AccountStore.ts';
import { LoginStore } from './accounts/LoginStore.ts';
import type { LoginStoreOptions } from './accounts/LoginStore.ts';
import { ActiveCourseRoles } from './courses/ActiveCourseRoles.ts';
import { EnrolmentStore } from './courses/EnrolmentStore.ts';
import { RemovalStore } from './courses/RemovalStore.ts';

export { apiConfig, checkApiConfig } from './config.ts';
export type { ApiConfig } from './config.ts';
export { recorderVideoCatalog } from './content/recorderVideoCatalog.ts';
export type { CatalogPlayback, CatalogVideo, VideoCatalog } from './content/VideoCatalog.ts';
export { ingestStreamKeys } from './courses/ingestStreamKeys.ts';
export type { StreamKeyManager } from './courses/StreamKeyManager.ts';
export { createApi } from './createApi.ts';
export type { Api, ApiOptions } from './createApi.ts';
export type { MediaService, WebServer } from './http/index.ts';
export { engineDirectory } from './lectures/engineDirectory.ts';
export type { LectureDirectory, LectureEntry } from './lectures/LectureDirectory.ts';
export { announcement } from './operation/announcement.ts';
export { cleanUp, repeatCleanUp } from './operation/cleanUp.ts';
export { Readiness, requireMedia } from './operation/Readiness.ts';
export { openWebhooks } from './webhooks/openWebhooks.ts';
export type { OpenedWebhooks } from './webhooks/openWebhooks.ts';
export { reportLectures } from './webhooks/reportLectures.ts';
export { knownDeviceMs as refreshSecretMs } from './limits.ts';
export type { ServerTimeouts } from './limits.ts';

/** The rights of active accounts, for the stations that are built before the API. */
export function openCourseRoles(database: Database): CourseRoles {
  return new ActiveCourseRoles({ accounts: new AccountStore(database), enrolments: new EnrolmentStore(database), removals: new RemovalStore(database) });
}

/** The logins, which rooms and media watch, and the API opens and ends. */
export function openLogins(options: LoginStoreOptions): Promise<LoginStore> {
  return LoginStore.open(options);
}
