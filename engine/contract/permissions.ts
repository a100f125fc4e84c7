import type { CourseCondition } from './course.ts';
import type { CourseRole } from './lecture.ts';
import type { SiteRole } from './tokens.ts';

/** The actions that each course role allows. An action that is not listed is denied. */
const actionsByRole = {
  student: ['lecture.list', 'lecture.watch', 'chat.post', 'hand.raise', 'comment.read', 'comment.post', 'quiz.read', 'quiz.take', 'material.read', 'clip.create'],
  assistant: [
    'lecture.list', 'lecture.watch', 'chat.post', 'hand.raise', 'comment.read', 'comment.post', 'quiz.read', 'quiz.take', 'quiz.edit', 'quiz.grade', 'material.read', 'material.edit', 'clip.create',
    'lecture.present', 'lecture.start', 'lecture.end', 'lecture.schedule',
    'chat.moderate', 'comment.moderate', 'hand.lowerOthers', 'participant.remove', 'ingest.inspect', 'enrolment.list', 'announcement.post', 'progress.list', 'video.manage', 'video.upload',
  ],
  owner: [
    'lecture.list', 'lecture.watch', 'chat.post', 'hand.raise', 'comment.read', 'comment.post', 'quiz.read', 'quiz.take', 'quiz.edit', 'quiz.grade', 'material.read', 'material.edit', 'clip.create',
    'lecture.present', 'lecture.start', 'lecture.end', 'lecture.schedule',
    'chat.moderate', 'comment.moderate', 'hand.lowerOthers', 'participant.remove', 'ingest.inspect', 'enrolment.list', 'announcement.post', 'progress.list', 'video.manage', 'video.upload',
    'course.edit', 'course.archive', 'course.duplicate', 'course.delete', 'course.restore', 'course.transfer', 'streamKey.manage', 'webhook.manage', 'enrolment.remove', 'video.delete',
  ],
} as const satisfies Record<CourseRole, readonly string[]>;

export type CourseAction = (typeof actionsByRole)[CourseRole][number];

export const courseActions: readonly CourseAction[] = [...new Set<CourseAction>(Object.values(actionsByRole).flat())];

/** What administrators of the site may do in every course, whatever their role in it. */
const adminActions: ReadonlySet<CourseAction> = new Set<CourseAction>(['lecture.list', 'lecture.end', 'course.delete', 'course.restore', 'course.transfer', 'video.upload', 'video.manage', 'video.delete']);

/** What an archived course still allows: to replay, to look after people and recordings, and to leave the archive. */
const archivedActions: ReadonlySet<CourseAction> = new Set<CourseAction>([
  'lecture.list', 'lecture.watch', 'lecture.end', 'participant.remove', 'enrolment.list', 'enrolment.remove', 'progress.list', 'video.manage', 'video.delete',
  'quiz.read', 'quiz.grade', 'material.read', 'comment.read', 'comment.moderate',
  'course.archive', 'course.duplicate', 'course.delete', 'course.restore', 'course.transfer',
]);

/** The condition of a course allows the action to somebody, by their role. */
export function isPossibleIn(condition: CourseCondition, action: CourseAction): boolean {
  if (condition === 'deleted') return action === 'course.restore';
  return condition !== 'archived' || archivedActions.has(action);
}

export function may(role: CourseRole | undefined, action: CourseAction): boolean {
  return role !== undefined && (actionsByRole[role] as readonly string[]).includes(action);
}

export function mayAdministrate(action: CourseAction): boolean {
  return adminActions.has(action);
}

/** What is required of an account on the whole site. `user`: any account. An administrator may do what an instructor may. */
export type SiteRequirement = 'none' | 'user' | 'instructor' | 'admin';

export function meetsSiteRequirement(roles: readonly SiteRole[], required: SiteRequirement): boolean {
  return required === 'none' || required === 'user' || roles.includes('admin') || (required === 'instructor' && roles.includes('instructor'));
}

/** What requests are about: the sections of the API's description, and of the scopes of access tokens. */
export const resourceGroups = ['account', 'courses', 'lectures', 'videos', 'site'] as const;
export type ResourceGroup = (typeof resourceGroups)[number];

/** What a token may do with one group. Each level includes those before it. `admin`: what only administrators may. */
export const scopeLevels = ['read', 'write', 'admin'] as const;
export type ScopeLevel = (typeof scopeLevels)[number];

export type TokenScope = `${ScopeLevel}:${ResourceGroup}`;

/** No token changes its own account: its password, its logins and its tokens need the person. */
export const tokenScopes: readonly TokenScope[] = resourceGroups.flatMap((group) => scopeLevels.map((level): TokenScope => `${level}:${group}`)).filter((scope) => scope !== 'write:account');

/** What a request needs of an access token; `never`: none may make it. */
export type NeededScope = TokenScope | 'never';

/** Whether a token with these scopes may do it, as far as its account may. */
export function meetsScope(scopes: readonly TokenScope[], needed: NeededScope): boolean {
  if (needed === 'never') return false;
  const [level, group] = needed.split(':') as [ScopeLevel, ResourceGroup];
  const levels = scopeLevels.slice(scopeLevels.indexOf(level));
  return levels.some((each) => scopes.includes(`${each}:${group}`));
}
