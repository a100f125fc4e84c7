import type { RouteSpec } from './route.ts';

/** What routes are about: the sections of the API's description, and of the scopes of access tokens. */
export const resourceGroups = ['account', 'courses', 'lectures', 'videos', 'site'] as const;
export type ResourceGroup = (typeof resourceGroups)[number];

/** By the first segment of the path below `/api/v1`. A test asks for a segment that is missing here. */
const groupOfSegment: Readonly<Record<string, ResourceGroup>> = {
  users: 'account',
  auth: 'account',
  setup: 'site',
  courses: 'courses',
  enrolments: 'courses',
  invitations: 'courses',
  home: 'courses',
  lectures: 'lectures',
  live: 'lectures',
  content: 'videos',
  jobs: 'site',
  workers: 'site',
  health: 'site',
  'jwks.json': 'site',
  'openapi.json': 'site',
};

/** The second segment of `/courses/:courseId/…` that is about something else. */
const groupInCourse: Readonly<Record<string, ResourceGroup>> = { lectures: 'lectures', videos: 'videos' };

export function groupOf({ path }: Pick<RouteSpec, 'path'>): ResourceGroup | undefined {
  const [first = '', , third = ''] = path.replace(/^\/(api\/v1|\.well-known)\//, '').split('/');
  return (first === 'courses' ? groupInCourse[third] : undefined) ?? groupOfSegment[first];
}
