import { accountRoutes, setupRoutes } from './accounts.ts';
import { contentRoutes } from './content.ts';
import { courseRoutes } from './courses.ts';
import { homeRoutes } from './home.ts';
import { lectureRoutes, liveRoutes } from './lectures.ts';
import { operationRoutes } from './operation.ts';
import type { RouteSpec } from './route.ts';

/** Every endpoint of Lectern, by the name that handlers and clients call it. */
export const routes = {
  ...setupRoutes,
  ...accountRoutes,
  ...courseRoutes,
  ...lectureRoutes,
  ...liveRoutes,
  ...homeRoutes,
  ...contentRoutes,
  ...operationRoutes,
} satisfies Record<string, RouteSpec>;

export type Routes = typeof routes;
export type RouteName = keyof Routes;
