import { accessTokenRoutes } from './accessTokens.ts';
import { accountRoutes, setupRoutes } from './accounts.ts';
import { auditRoutes } from './audit.ts';
import { announcementRoutes } from './announcements.ts';
import { calendarRoutes } from './calendars.ts';
import { addressRoutes } from './addresses.ts';
import { categoryRoutes } from './categories.ts';
import { contentRoutes } from './content.ts';
import { courseLifeRoutes } from './courseLife.ts';
import { courseRoutes } from './courses.ts';
import { healthRoutes } from './health.ts';
import { enrolmentRoutes } from './enrolment.ts';
import { homeRoutes } from './home.ts';
import { imageRoutes } from './images.ts';
import { invitationRoutes } from './invitations.ts';
import { jobRoutes } from './jobs.ts';
import { lectureRoutes, liveRoutes } from './lectures.ts';
import { liveNowRoutes } from './liveNow.ts';
import { operationRoutes } from './operation.ts';
import { sitePeopleRoutes } from './sitePeople.ts';
import { storageRoutes } from './storage.ts';
import { attemptRoutes, quizResultRoutes, videoQuestionRoutes } from './quizAttempts.ts';
import { quizRoutes } from './quizzes.ts';
import { materialRoutes } from './materials.ts';
import { progressRoutes } from './progress.ts';
import { personalRoutes } from './personal.ts';
import { siteRoutes } from './site.ts';
import { providerRoutes } from './providers.ts';
import { peopleRoutes } from './people.ts';
import { rosterRoutes } from './roster.ts';
import type { RouteSpec } from './route.ts';
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
  ...siteRoutes,
  ...auditRoutes,
  ...storageRoutes,
  ...liveNowRoutes,
  ...healthRoutes,
  ...sitePeopleRoutes,
  ...settingsRoutes,
  ...secondFactorRoutes,
  ...providerRoutes,
  ...courseLifeRoutes,
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
  ...quizRoutes,
  ...attemptRoutes,
  ...quizResultRoutes,
  ...videoQuestionRoutes,
  ...progressRoutes,
  ...homeRoutes,
  ...contentRoutes,
  ...imageRoutes,
  ...peopleRoutes,
  ...jobRoutes,
  ...operationRoutes,
} satisfies Record<string, RouteSpec>;

export type Routes = typeof routes;
export type RouteName = keyof Routes;
