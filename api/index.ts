import { expireVideos } from './removal/startRemoval.ts';
import type { CourseRoles } from '#engine';
import type { Clock, Database, JobQueue, Logger } from '#engine/kernel';
import { forgetCommunityOf } from './community/openCommunity.ts';
import { forgetMaterialsOf } from './materials/openMaterials.ts';
import { forgetQuizzesOf } from './quizzes/quizJobs.ts';
import { removeUploads, UploadStore, type ObjectStore } from '#recorder';
import { AnnouncementStore } from './announcements/AnnouncementStore.ts';
import { AccountStore } from './accounts/AccountStore.ts';
import { LoginStore } from './accounts/LoginStore.ts';
import type { LoginStoreOptions } from './accounts/LoginStore.ts';
import { ImageConverter } from './images/ImageConverter.ts';
import { Images } from './images/Images.ts';
import type { ImageFiles } from './images/Images.ts';
import type { LectureDirectory } from './lectures/LectureDirectory.ts';
import { ActiveCourseRoles } from './courses/ActiveCourseRoles.ts';
import { CourseErasure } from './courses/CourseErasure.ts';
import { CourseSearch } from './courses/CourseSearch.ts';
import { CourseStore } from './courses/CourseStore.ts';
import { EnrolmentStore } from './courses/EnrolmentStore.ts';
import { InvitationStore } from './courses/InvitationStore.ts';
import { RemovalStore } from './courses/RemovalStore.ts';
import { AttendanceStore, WatchedStore } from './progress/index.ts';
import { SeriesStore } from './schedule/index.ts';
import { createEnrolment } from './enrolment/index.ts';
import { OfferStore } from './ownership/OfferStore.ts';
import { CalendarFeedStore } from './calendar/CalendarFeedStore.ts';
import { CancelledLectures } from './calendar/CancelledLectures.ts';
import { DeliveryStore } from './webhooks/DeliveryStore.ts';
import { WebhookStore } from './webhooks/WebhookStore.ts';

import { RetentionStore } from './retention/RetentionStore.ts';
export { startStorageJobs } from './storageClasses/startStorageJobs.ts';
export { AuditStore } from './audit/index.ts';
export { apiConfig, checkApiConfig } from './config.ts';
export type { ApiConfig } from './config.ts';
export { recorderVideoCatalog } from './content/recorderVideoCatalog.ts';
export type { CatalogPlayback, CatalogVideo, VideoCatalog } from './content/VideoCatalog.ts';
export { startEnrolmentJobs } from './enrolment/index.ts';
export { ingestStreamKeys } from './courses/ingestStreamKeys.ts';
export type { StreamKeyManager } from './courses/StreamKeyManager.ts';
export type { CourseErasure } from './courses/CourseErasure.ts';
export { createApi } from './createApi.ts';
export type { Api } from './createApi.ts';
export type { ApiOptions } from './ApiOptions.ts';
export { builtPages } from './http/index.ts';
export type { MediaService, WebServer } from './http/index.ts';
export { openSiteHealth, sharedChecks } from './health/index.ts';
export { engineDirectory } from './lectures/engineDirectory.ts';
export type { LectureDirectory, LectureEntry } from './lectures/LectureDirectory.ts';
export { openMailer, startAccountJobs } from './operation/accountJobs.ts';
export { openMedia } from './media/openMedia.ts';
export { announcement } from './operation/announcement.ts';
export { repeatCleanUp } from './operation/cleanUp.ts';
export { Readiness, requireMedia } from './operation/Readiness.ts';
export { openSiteSettings, requireLecturesAllowed } from './settings/index.ts';
export type { SiteSettingsSource } from './settings/index.ts';
export { openWebhooks } from './webhooks/openWebhooks.ts';
export type { OpenedWebhooks } from './webhooks/openWebhooks.ts';
export { reportEnrolments } from './webhooks/reportEnrolments.ts';
export { auditRooms } from './audit/index.ts';
export { reportLectures, reportRecording } from './webhooks/reportLectures.ts';
export { knownDeviceMs as refreshSecretMs } from './limits.ts';
export type { ServerTimeouts } from './limits.ts';
export { startRemoval } from './removal/startRemoval.ts';
export { handleAttendance, sumWhenEnded } from './progress/index.ts';

/** The rights of active accounts, for the stations that are built before the API. */
export function openCourseRoles(database: Database): CourseRoles {
  return new ActiveCourseRoles({ accounts: new AccountStore(database), courses: new CourseStore(database), enrolments: new EnrolmentStore(database), removals: new RemovalStore(database) });
}

export interface CourseErasureParts {
  database: Database;
  directory: Pick<LectureDirectory, 'closeCourse'>;
  /** Where the images of people and courses, and the files of courses are kept. */
  files: ImageFiles & Pick<ObjectStore, 'deletePrefix'>;
  jobs: JobQueue;
  clock: Clock;
  logger: Logger;
}

/**
 * What removes deleted courses after their time in the trash, for the process that runs jobs. A store that holds documents of
 * courses adds the function that removes those of one course here.
 */
export function openCourseErasure({ database, directory, files, ...options }: CourseErasureParts): CourseErasure {
  const store = new CourseStore(database);
  const images = new Images({ files, converter: new ImageConverter(options.logger), logger: options.logger });
  const [search, removed, invitations, enrolments] = [new CourseSearch(database), new RemovalStore(database), new InvitationStore(database), new EnrolmentStore(database)];
  const [series, announcements, attendance, watched] = [new SeriesStore(database), new AnnouncementStore(database), new AttendanceStore(database), new WatchedStore(database)];
  const [cancelled, feeds, webhooks, deliveries] = [new CancelledLectures(database, options.clock), new CalendarFeedStore(database), new WebhookStore(database), new DeliveryStore(database)];
  const [enrolment, offers, uploads] = [createEnrolment({ ...options, database }), new OfferStore(database), new UploadStore(database)];
  return new CourseErasure({
    ...options,
    store,
    removals: [
      // Cancels the lectures that have not taken place.
      (courseId) => directory.closeCourse(courseId),
      async (courseId) => {
        const coverId = (await store.find(courseId))?.coverId;
        if (coverId) await images.delete(coverId);
      },
      (courseId) => expireVideos(courseId, { ...options, database }),
      async (courseId) => removeUploads({ objects: files, uploads }, await uploads.ofCourse(courseId)),
      (courseId) => search.remove(courseId),
      (courseId) => new RetentionStore(database).removeOfCourse(courseId),
      (courseId) => removed.forget(courseId),
      (courseId) => invitations.removeAll(courseId),
      (courseId) => series.forget(courseId),
      (courseId) => cancelled.forgetCourse(courseId),
      (courseId) => feeds.forgetCourse(courseId),
      async (courseId) => void (await offers.remove(courseId)),
      async (courseId) => {
        for (const { _id } of await webhooks.ofScopes([courseId])) {
          await deliveries.removeAll(_id);
          await webhooks.remove(_id);
        }
      },
      (courseId) => announcements.forgetCourse(courseId),
      (courseId) => forgetCommunityOf(database, courseId),
      (courseId) => forgetQuizzesOf(database, courseId),
      (courseId) => forgetMaterialsOf({ database, objects: files }, courseId),
      (courseId) => attendance.forgetCourse(courseId),
      (courseId) => watched.forgetCourse(courseId),
      (courseId) => enrolment.forgetCourse(courseId),
      (courseId) => enrolments.removeAll(courseId),
    ],
  });
}

/** The logins, which rooms and media watch, and the API opens and ends. */
export function openLogins(options: LoginStoreOptions): Promise<LoginStore> {
  return LoginStore.open(options);
}
