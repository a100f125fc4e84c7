import { courseActions, CourseRole, may, mayAdministrate } from '#engine/contract';
import type { CourseAction } from '#engine/contract';
import { requestAccess } from '#signaling/contract';
import type { RequestAccess } from '#signaling/contract';
import { routeAccess } from '../../access/index.ts';
import type { RouteAccess } from '../../access/index.ts';
import { routes, scopeOf } from '../../contract/index.ts';
import type { RouteName, RouteSpec } from '../../contract/index.ts';

/** api/PERMISSIONS.md: who may do what, from the tables that the server enforces. */
export function renderPermissions(): string {
  return [introduction, '## Actions in a course', actionTable(), '## Routes', routeTable(), '## Requests of a room', requestTable(), rest].join('\n\n');
}

const introduction = `# Permissions

This document is generated from the tables that the server enforces (\`engine/contract/permissions.ts\`, \`api/access/routeAccess.ts\`,
\`signaling/contract/requestAccess.ts\`); a test compares it with them. \`engine/lecture/AccessPolicy.ts\` decides every question with
these tables, for REST, rooms, media and jobs. What is not listed is denied. \`api/access/permissions.test.ts\` calls every route as
everyone, \`signaling/permissions.integration.test.ts\` sends every request as everyone.

- A **site role** belongs to an account: \`student\`, \`instructor\`, \`admin\`. An account can have several.
- A **course role** belongs to an account in one course: \`owner\`, \`assistant\`, \`student\`. An owner who is neither instructor nor
  administrator any more counts as a student.
- A person who was removed from a course has no role in it. A removal from a lecture holds for its room, chat and video, and for every
  role but the owner.
- An access token that a person has made may do what that person may, within its **scopes**: \`read\`, \`write\` and \`admin\` of each group.
  \`write\` includes \`read\`, and \`admin\` includes both. Without the scope \`admin\`, an administrator is not one with this token. No token
  changes its own account.
- A deactivated account has no role anywhere, and its tokens are refused at once.`;

const rest = `## Media

The URL of a playlist or a segment contains a token with an account, a login and a lecture. Each request asks the policy again: the
login is open, and the account has \`lecture.watch\` in the lecture. A change of rights takes effect in all processes at once.

## Jobs

A job acts for the site. A job that acts for a person asks the policy, with the rights that the person has when the job runs.
`;

const courseRoles = CourseRole.options;
const mark = (isAllowed: boolean) => (isAllowed ? '✓' : '');

function actionTable(): string {
  const rows = courseActions.map((action) => [`\`${action}\``, ...courseRoles.map((role) => mark(may(role, action))), mark(mayAdministrate(action))]);
  return table(['action', ...courseRoles, 'admin, in any course'], rows);
}

function routeTable(): string {
  const names = Object.keys(routes) as RouteName[];
  return table(['route', 'name', 'for', 'scope'], names.map((name) => [`\`${routes[name].method} ${routes[name].path}\``, `\`${name}\``, whoMayCall(routes[name], routeAccess[name]), scopeFor(routes[name])]));
}

function scopeFor(spec: RouteSpec): string {
  if (spec.auth === 'none') return '';
  const scope = scopeOf(spec);
  return scope === 'never' ? 'not for tokens' : `\`${scope}\``;
}

function whoMayCall(spec: RouteSpec, access: RouteAccess): string {
  if (access !== 'account') return whoMay(access.course);
  return { none: 'everyone', user: 'accounts', instructor: 'instructors, administrators', admin: 'administrators' }[spec.auth];
}

function whoMay(action: CourseAction): string {
  const roles = courseRoles.filter((role) => may(role, action));
  return `\`${action}\`: ${[...roles, ...(mayAdministrate(action) ? ['admin'] : [])].join(', ')}`;
}

function requestTable(): string {
  const rows = Object.entries(requestAccess as Record<string, RequestAccess>).map(([name, access]) => [`\`${name}\``, whoMayRequest(access)]);
  return table(['request', 'for'], rows);
}

function whoMayRequest(access: RequestAccess): string {
  if (access === 'ticket') return `a valid ticket, and ${whoMay('lecture.watch')}`;
  if (access === 'member') return 'everyone in the room';
  return access.others === undefined ? whoMay(access.action) : `${whoMay(access.action)}; for what belongs to others ${whoMay(access.others)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
