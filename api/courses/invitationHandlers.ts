import { CourseId } from '#engine/contract';
import type { Handlers } from '../access/index.ts';
import type { invitationRoutes } from '../contract/index.ts';
import type { CourseStore } from './CourseStore.ts';
import type { Courses } from './Courses.ts';
import type { Invitations } from './Invitations.ts';
import type { InvitationRow } from './InvitationStore.ts';

export interface InvitationHandlersOptions {
  invitations: Invitations;
  courses: Courses;
  courseStore: CourseStore;
}

export function invitationHandlers({ invitations, courses, courseStore }: InvitationHandlersOptions): Handlers<keyof typeof invitationRoutes> {
  return {
    createInvitation: async ({ params, body, caller }) => {
      const { invitation, token } = await invitations.create(params.courseId, body.role, caller.userId);
      return { invitation: view(invitation), token };
    },
    listInvitations: async ({ params }) => ({ invitations: (await invitations.list(params.courseId)).map(view) }),
    deleteInvitation: async ({ params }) => {
      await invitations.revoke(params.courseId, params.invitationId);
      return null;
    },
    showInvitation: async ({ body, caller }) => {
      const { courseId, role } = await invitations.read(body.token, caller.userId);
      const course = await courseStore.get(CourseId.parse(courseId));
      return { courseId, courseTitle: course.title, ownerName: (await courses.ownerNames([course]))(course), role };
    },
    acceptInvitation: async ({ body, caller }) => ({ courseId: await invitations.accept(body.token, caller.userId) }),
  };
}

function view({ _id, role, createdAt, expiresAt }: InvitationRow) {
  return { id: _id, role, createdAt, expiresAt };
}
