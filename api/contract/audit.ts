import * as z from 'zod';
import { CourseId, Instant } from '#engine/contract';
import { auditPageSize, maxAuditPageSize } from './limits.ts';
import { NextCursor, pageQuery } from './paging.ts';
import { route } from './route.ts';

/** What administrators, owners and assistants do to others. A route names its action in `api/audit/routeAudit.ts`. */
export const AuditAction = z.enum([
  'user.created',
  'user.deactivated',
  'user.reactivated',
  'user.rolesChanged',
  'user.signedOut',
  'user.secondFactorReset',
  'user.linkCreated',
  'webhook.created',
  'webhook.changed',
  'webhook.deleted',
  'webhook.tested',
  'webhook.resent',
  'course.changed',
  'course.deleted',
  'course.restored',
  'course.ownerOffered',
  'course.ownerOfferWithdrawn',
  'course.ownerChanged',
  'category.created',
  'category.changed',
  'category.deleted',
  'enrolment.roleChanged',
  'enrolment.removed',
  'enrolment.readmitted',
  'enrolment.notAdmitted',
  'enrolment.groupChanged',
  'request.approved',
  'request.declined',
  'group.created',
  'group.changed',
  'group.deleted',
  'roster.applied',
  'invitation.created',
  'invitation.revoked',
  'streamKey.issued',
  'streamKey.revoked',
  'lecture.scheduled',
  'lecture.changed',
  'lecture.cancelled',
  'lecture.started',
  'video.transcodeRequested',
  'video.transcodeCancelled',
  'lecture.ended',
  'series.scheduled',
  'series.changed',
  'series.cancelled',
  'comment.deleted',
  'comment.pinned',
  'comment.markedAnswer',
  'comment.approved',
  'discussion.changed',
  'person.mutedInComments',
  'person.unmutedInComments',
  'video.cut',
  'video.chaptersChanged',
  'announcement.posted',
  'announcement.changed',
  'announcement.deleted',
  'quiz.created',
  'quiz.changed',
  'quiz.deleted',
  'quiz.regraded',
  'quiz.graded',
  'quiz.askedInVideo',
  'quiz.removedFromVideo',
  'video.clipped',
  'video.captionsAdded',
  'video.captionsChanged',
  'video.captionsDeleted',
  'material.added',
  'material.changed',
  'material.deleted',
  'participant.removed',
  'participant.muted',
  'participant.unmuted',
  'participant.readmitted',
  'video.deleted',
  'video.restored',
  'video.sharingChanged',
  'video.linkCreated',
  'video.linkRevoked',
  'chat.slowModeChanged',
  'video.changed',
  'job.cancelled',
  'job.resent',
  'settings.changed',
  'video.kept',
  'video.notKept',
  'sweep.requested',
  'video.uploaded',
  'video.replaced',
]);
export type AuditAction = z.infer<typeof AuditAction>;

/** The kind of thing that an action was done to. */
export const AuditTargetKind = z.enum(['user', 'course', 'lecture', 'video', 'invitation', 'request', 'group', 'roster', 'announcement', 'comment', 'quiz', 'material', 'category', 'job', 'webhook', 'site']);
export type AuditTargetKind = z.infer<typeof AuditTargetKind>;

/** Of a person: the account, or the anonymous id that replaced it when the account was erased. */
const PersonId = z.string().regex(/^(usr|anon)_[0-9a-hjkmnp-tv-z]{20}$/);

const AuditValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** Fields and their values after the action; `<field>Before` is the value before it. Neither secrets nor people. */
export const AuditChanges = z.record(z.string(), z.union([AuditValue, z.array(AuditValue)]));
export type AuditChanges = z.infer<typeof AuditChanges>;

export const AuditEntry = z.object({
  id: z.string(),
  at: Instant,
  actor: z.object({ id: PersonId, name: z.string().nullable().describe('Null when the account no longer exists.') }),
  action: AuditAction,
  target: z.object({
    kind: AuditTargetKind,
    id: z.string(),
    name: z.string().nullable().describe('Of a person, a course or a lecture; null when it no longer exists.'),
  }),
  course: z.object({ id: CourseId, name: z.string().nullable().describe('Null when the course no longer exists.') }).nullable(),
  requestId: z.string().describe('`X-Request-Id` of the response, for the log of the server. Empty for what was done in a room, or by a sign-in provider.'),
  addressGroup: z.string().describe('The IPv4 address of the client, or the /64 of its IPv6 address. May be empty.'),
  changes: AuditChanges,
});
export type AuditEntry = z.infer<typeof AuditEntry>;

export const AuditQuery = pageQuery({
  size: auditPageSize,
  maxSize: maxAuditPageSize,
  filters: {
    actorId: PersonId.optional().describe('Only what this person did.'),
    targetId: z.string().min(1).max(60).optional().describe('Only what was done to the person, course or other thing with this id.'),
    courseId: CourseId.optional().describe('Only what happened in this course.'),
    action: AuditAction.optional(),
    from: Instant.optional().describe('The earliest time.'),
    to: Instant.optional().describe('The time before which the action took place.'),
  },
});
export type AuditQuery = z.infer<typeof AuditQuery>;

export const auditRoutes = {
  listAudit: route({
    method: 'GET',
    path: '/api/v1/audit',
    query: AuditQuery,
    response: z.object({ entries: z.array(AuditEntry), nextCursor: NextCursor }),
    auth: 'admin',
    summary: 'List what administrators, owners and assistants did to others, the latest first.',
  }),
};
