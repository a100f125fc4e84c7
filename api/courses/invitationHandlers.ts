import { CourseId, UserId } from '#engine/contract';
import type { Handlers } from '../access/index.ts';
import type { AccountStore } from '../accounts/AccountStore.ts';
import type { invitationRoutes } from '../contract/index.ts';
import type { Admissions } from '../enrolment/Admissions.ts';
import type { CourseStore } from './CourseStore.ts';
import type { Courses } from './Courses.ts';
import type { Invitations } from './Invitations.ts';
import type { InvitationRow } from './InvitationStore.ts';
import { usesOf } from './InvitationStore.ts';
import type { Members } from './Members.ts';

export interface InvitationHandlersOptions {
  invitations: Invitations;
  courses: Courses;
  courseStore: CourseStore;
  members: Members;
  admissions: Admissions;
  accounts: AccountStore;
}

export function invitationHandlers(options: InvitationHandlersOptions): Handlers<keyof typeof invitationRoutes> {
  const { invitations, accounts } = options;
  const nameOf = async (userIds: readonly string[]) => {
    const found = await accounts.findMany(userIds.map((userId) => UserId.parse(userId)));
    return (userId: string) => found.get(UserId.parse(userId))?.displayName ?? '';
  };
  return {
    createInvitation: async ({ params, body, caller }) => {
      const { invitation, token } = await invitations.create(params.courseId, body, caller.userId);
      return { invitation: view(invitation, { uses: 0, invitedBy: caller.displayName }), token };
    },
    listInvitations: async ({ params }) => {
      const listed = await invitations.list(params.courseId);
      const name = await nameOf([...new Set(listed.map(({ invitation }) => invitation.createdBy))]);
      return { invitations: listed.map(({ invitation, uses }) => view(invitation, { uses, invitedBy: name(invitation.createdBy) })) };
    },
    deleteInvitation: async ({ params }) => {
      await invitations.revoke(params.courseId, params.invitationId);
      return null;
    },
    showInvitation: ({ body, caller }) => offer(options, body.token, caller.userId),
    acceptInvitation: ({ body, caller }) => invitations.accept(body.token, caller.userId),
  };
}

async function offer({ invitations, courses, courseStore, members, admissions, accounts }: InvitationHandlersOptions, token: string, userId: UserId) {
  const { invitation, usesLeft } = await invitations.read(token, userId);
  const courseId = CourseId.parse(invitation.courseId);
  const [course, standing, isFull, inviter] = await Promise.all([
    courseStore.get(courseId),
    members.roleOf(courseId, userId),
    invitation.role === 'student' ? admissions.isFull(courseId) : false,
    accounts.find(UserId.parse(invitation.createdBy)),
  ]);
  return {
    courseId,
    courseTitle: course.title,
    ownerName: (await courses.ownerNames([course]))(course),
    invitedBy: inviter?.displayName ?? '',
    role: invitation.role,
    expiresAt: invitation.expiresAt,
    usesLeft,
    isMember: standing !== undefined,
    isFull,
  };
}

function view(invitation: InvitationRow, { uses, invitedBy }: { uses: number; invitedBy: string }) {
  const { _id, role, createdAt, expiresAt, note = '' } = invitation;
  return { id: _id, role, note, invitedBy, createdAt, expiresAt, uses, maxUses: usesOf(invitation) };
}
