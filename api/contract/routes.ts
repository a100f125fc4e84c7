import { accessTokenRoutes } from './accessTokens.ts';
import { accountRoutes, setupRoutes } from './accounts.ts';
import { auditRoutes } from './audit.ts';
import { announcementRoutes } from './announcements.ts';
import { calendarRoutes } from './calendars.ts';
import { addressRoutes } from './addresses.ts';
import { commentRoutes, moderationRoutes, ratingRoutes } from './comments.ts';
import { categoryRoutes } from './categories.ts';
import { contentRoutes } from './content.ts';
import { transcodeRoutes } from './transcodes.ts';
import { courseLifeRoutes } from './courseLife.ts';
import { courseRoutes } from './courses.ts';
import { healthRoutes } from './health.ts';
import { chapterRoutes } from './chapters.ts';
import { editRoutes } from './edits.ts';
import { enrolmentRoutes } from './enrolment.ts';
import { homeRoutes } from './home.ts';
import { imageRoutes } from './images.ts';
import { invitationRoutes } from './invitations.ts';
import { jobRoutes } from './jobs.ts';
import { libraryRoutes } from './library.ts';
import { lectureRoutes, liveRoutes } from './lectures.ts';
import { liveNowRoutes } from './liveNow.ts';
import { operationRoutes } from './operation.ts';
import { sitePeopleRoutes } from './sitePeople.ts';
import { storageRoutes } from './storage.ts';
import { retentionRoutes } from './retention.ts';
import { sweepRoutes } from './sweep.ts';
import { storageClassRoutes } from './storageClasses.ts';
import { attemptRoutes, quizResultRoutes, videoQuestionRoutes } from './quizAttempts.ts';
import { quizRoutes } from './quizzes.ts';
import { captionRoutes } from './captions.ts';
import { clipRoutes } from './clips.ts';
import { materialRoutes } from './materials.ts';
import { progressRoutes } from './progress.ts';
import { personalRoutes } from './personal.ts';
import { providerRoutes } from './providers.ts';
import { ownershipRoutes } from './ownership.ts';
import { peopleRoutes } from './people.ts';
import { recommendationRoutes } from './recommendations.ts';
import { rosterRoutes } from './roster.ts';
import { uploadRoutes } from './uploads.ts';
import type { RouteSpec } from './route.ts';
import { deletedVideoRoutes, sharingRoutes } from './sharing.ts';
import { settingsRoutes } from './siteSettings.ts';
import { courseWebhookRoutes, siteWebhookRoutes } from './webhooks.ts';
import { scheduleRoutes } from './schedule.ts';
import { secondFactorRoutes } from './security.ts';

/** Every endpoint, by the name of its handler and of its method in the client. */
export const routes = {
  ...setupRoutes,
  ...accountRoutes,
  ...accessTokenRoutes,
  ...courseWebhookRoutes,
  ...siteWebhookRoutes,
  ...addressRoutes,
  ...personalRoutes,
  ...auditRoutes,
  ...storageRoutes,
  ...storageClassRoutes,
  ...retentionRoutes,
  ...sweepRoutes,
  ...liveNowRoutes,
  ...healthRoutes,
  ...sitePeopleRoutes,
  ...settingsRoutes,
  ...secondFactorRoutes,
  ...providerRoutes,
  ...courseLifeRoutes,
  ...ownershipRoutes,
  ...courseRoutes,
  ...categoryRoutes,
  ...invitationRoutes,
  ...enrolmentRoutes,
  ...rosterRoutes,
  ...lectureRoutes,
  ...liveRoutes,
  ...scheduleRoutes,
  ...calendarRoutes,
  ...announcementRoutes,
  ...materialRoutes,
  ...commentRoutes,
  ...moderationRoutes,
  ...ratingRoutes,
  ...quizRoutes,
  ...attemptRoutes,
  ...quizResultRoutes,
  ...videoQuestionRoutes,
  ...progressRoutes,
  ...homeRoutes,
  ...recommendationRoutes,
  // Before the routes of one video: `uploads` and `deleted` are no ids.
  ...uploadRoutes,
  ...deletedVideoRoutes,
  ...contentRoutes,
  ...chapterRoutes,
  ...editRoutes,
  ...sharingRoutes,
  ...transcodeRoutes,
  ...libraryRoutes,
  ...captionRoutes,
  ...clipRoutes,
  ...imageRoutes,
  ...peopleRoutes,
  ...jobRoutes,
  ...operationRoutes,
} satisfies Record<string, RouteSpec>;

export type Routes = typeof routes;
export type RouteName = keyof Routes;
