import type { NeededScope, ResourceGroup } from '#engine/contract';
import type { RouteSpec } from './route.ts';

/** By the first segment of the path below `/api/v1`. A test asks for a segment that is missing here. */
const groupOfSegment: Readonly<Record<string, ResourceGroup>> = {
  users: 'account',
  auth: 'account',
  setup: 'site',
  site: 'site',
  courses: 'courses',
  categories: 'courses',
  images: 'courses',
  materials: 'courses',
  enrolments: 'courses',
  invitations: 'courses',
  home: 'courses',
  lectures: 'lectures',
  calendar: 'lectures',
  calendars: 'lectures',
  live: 'lectures',
  content: 'videos',
  shared: 'videos',
  oembed: 'videos',
  people: 'site',
  settings: 'site',
  admin: 'site',
  storage: 'site',
  audit: 'site',
  jobs: 'site',
  webhooks: 'site',
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

/** The scope of an access token that a route needs. Deny by default: a route of no group is for no token. */
export function scopeOf(spec: Pick<RouteSpec, 'path' | 'method' | 'auth'>): NeededScope {
  const group = groupOf(spec);
  if (group === undefined) return 'never';
  if (spec.auth === 'admin') return `admin:${group}`;
  if (spec.method === 'GET') return `read:${group}`;
  return group === 'account' ? 'never' : `write:${group}`;
}
