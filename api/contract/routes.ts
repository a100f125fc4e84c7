import { accessTokenRoutes } from './accessTokens.ts';
import { accountRoutes, setupRoutes } from './accounts.ts';
import { contentRoutes } from './content.ts';
import { courseRoutes } from './courses.ts';
import { homeRoutes } from './home.ts';
import { invitationRoutes } from './invitations.ts';
import { jobRoutes } from './jobs.ts';
import { lectureRoutes, liveRoutes } from './lectures.ts';
import { operationRoutes } from './operation.ts';
import type { RouteSpec } from './route.ts';
import { courseWebhookRoutes, siteWebhookRoutes } from './webhooks.ts';

/** Every endpoint, by the name of its handler and of its method in the client. */
export const routes = {
  ...setupRoutes,
  ...accountRoutes,
  ...accessTokenRoutes,
  ...courseWebhookRoutes,
  ...siteWebhookRoutes,
  ...courseRoutes,
  ...invitationRoutes,
  ...lectureRoutes,
  ...liveRoutes,
  ...homeRoutes,
  ...contentRoutes,
  ...jobRoutes,
  ...operationRoutes,
} satisfies Record<string, RouteSpec>;

export type Routes = typeof routes;
export type RouteName = keyof Routes;
