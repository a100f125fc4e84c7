import * as z from 'zod';
import { CourseId, CourseRole, Instant, RecordId } from '#engine/contract';
import { CourseParams } from './courses.ts';
import { maxInvitationTokenLength } from './limits.ts';
import { nothing, route } from './route.ts';

const InvitedRole = CourseRole.exclude(['owner']);
const Token = z.object({ token: z.string().min(1).max(maxInvitationTokenLength).describe('From the link of the invitation.') });

/** A one-time invitation that was not used yet. */
export const Invitation = z.object({ id: RecordId, role: InvitedRole, createdAt: Instant, expiresAt: Instant });
export type Invitation = z.infer<typeof Invitation>;

export const invitationRoutes = {
  createInvitation: route({
    method: 'POST',
    path: '/api/v1/courses/:courseId/invitations',
    params: CourseParams,
    body: z.object({ role: InvitedRole.default('student') }),
    response: z.object({ invitation: Invitation, token: z.string().describe('For the link `/invitation?token=<token>`. It is shown once; only its hash is stored.') }),
    status: 201,
    auth: 'user',
    summary: 'Invite a person to a course with a role, by a link that works once.',
  }),
  listInvitations: route({
    method: 'GET',
    path: '/api/v1/courses/:courseId/invitations',
    params: CourseParams,
    response: z.object({ invitations: z.array(Invitation) }),
    auth: 'user',
    summary: 'List the invitations to a course that were not used yet.',
  }),
  deleteInvitation: route({
    method: 'DELETE',
    path: '/api/v1/courses/:courseId/invitations/:invitationId',
    params: CourseParams.extend({ invitationId: RecordId }),
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Withdraw an invitation.',
  }),
  showInvitation: route({
    method: 'POST',
    path: '/api/v1/invitations/show',
    body: Token,
    response: z.object({ courseId: CourseId, courseTitle: z.string(), ownerName: z.string(), role: InvitedRole }),
    auth: 'user',
    summary: 'See what an invitation is for.',
  }),
  acceptInvitation: route({
    method: 'POST',
    path: '/api/v1/invitations/accept',
    body: Token,
    response: z.object({ courseId: CourseId }),
    auth: 'user',
    summary: 'Accept an invitation: enrol in its course with its role.',
  }),
};
