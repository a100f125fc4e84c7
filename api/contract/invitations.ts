import * as z from 'zod';
import { CourseId, CourseRole, Instant, RecordId } from '#engine/contract';
import { CourseParams } from './courses.ts';
import { invitationDays, maxInvitationDays, maxInvitationNoteLength, maxInvitationUses } from './enrolmentLimits.ts';
import { maxInvitationTokenLength } from './limits.ts';
import { nothing, route } from './route.ts';
import { typedNote } from './text.ts';

const InvitedRole = CourseRole.exclude(['owner']);
const Token = z.object({ token: z.string().min(1).max(maxInvitationTokenLength).describe('From the link of the invitation.') });

/** A link that admits people to a course. */
export const Invitation = z.object({
  id: RecordId,
  role: InvitedRole,
  note: z.string().describe('Tells the links of a course apart; only its owner sees it.'),
  invitedBy: z.string().describe('The name of the person who created it.'),
  createdAt: Instant,
  expiresAt: Instant,
  uses: z.number().int().describe('People whom it has admitted.'),
  maxUses: z.number().int(),
});
export type Invitation = z.infer<typeof Invitation>;

/** What an invitation offers the person who opens it. */
export const InvitationOffer = z.object({
  courseId: CourseId,
  courseTitle: z.string(),
  ownerName: z.string(),
  invitedBy: z.string(),
  role: InvitedRole,
  expiresAt: Instant,
  usesLeft: z.number().int(),
  isMember: z.boolean().describe('You are in the course already.'),
  isFull: z.boolean().describe('The course has no free seat: accepting puts you on its waiting list.'),
});
export type InvitationOffer = z.infer<typeof InvitationOffer>;

export const invitationRoutes = {
  createInvitation: route({
    method: 'POST',
    path: '/api/v1/courses/:courseId/invitations',
    params: CourseParams,
    body: z.object({
      role: InvitedRole.default('student'),
      maxUses: z.number().int().min(1, 'At least one use.').max(maxInvitationUses, `At most ${maxInvitationUses} uses.`).default(1),
      validDays: z.number().int().min(1, 'At least one day.').max(maxInvitationDays, `At most ${maxInvitationDays} days.`).default(invitationDays),
      note: typedNote(maxInvitationNoteLength).default(''),
    }),
    response: z.object({ invitation: Invitation, token: z.string().describe('For the link `/invitation?token=<token>`. It is shown once; only its hash is stored.') }),
    status: 201,
    auth: 'user',
    summary: 'Create a link that admits people to a course with a role, as often as it says.',
  }),
  listInvitations: route({
    method: 'GET',
    path: '/api/v1/courses/:courseId/invitations',
    params: CourseParams,
    response: z.object({ invitations: z.array(Invitation) }),
    auth: 'user',
    summary: 'List the invitation links of a course that can still be used.',
  }),
  deleteInvitation: route({
    method: 'DELETE',
    path: '/api/v1/courses/:courseId/invitations/:invitationId',
    params: CourseParams.extend({ invitationId: RecordId }),
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Withdraw an invitation link. The people whom it has admitted stay in the course.',
  }),
  showInvitation: route({
    method: 'POST',
    path: '/api/v1/invitations/show',
    body: Token,
    response: InvitationOffer,
    auth: 'user',
    summary: 'See what an invitation is for, and what is left of it.',
  }),
  acceptInvitation: route({
    method: 'POST',
    path: '/api/v1/invitations/accept',
    body: Token,
    response: z.object({ courseId: CourseId, outcome: z.enum(['enrolled', 'alreadyIn', 'waiting']) }),
    auth: 'user',
    summary: 'Accept an invitation: enrol in its course with its role, or join the waiting list of a full course.',
  }),
};
