import type { Call, HandlerResult } from '../access/index.ts';
import type { AuditAction, AuditChanges, AuditTargetKind, RouteName } from '../contract/index.ts';

/** A call that has succeeded. */
export type AuditedCall<N extends RouteName> = Pick<Call<N>, 'params' | 'query' | 'body' | 'course'> & { answer: HandlerResult<N> };

/** How a route is audited. `none`: it reads, or acts on nobody but the caller. */
export type RouteAudit<N extends RouteName> = 'none' | AuditRule<N>;

export interface AuditRule<N extends RouteName> {
  action: AuditAction | ((call: AuditedCall<N>) => AuditAction);
  target: readonly [kind: AuditTargetKind, id: (call: AuditedCall<N>) => string];
  /** Fields by name: never a whole body, which may hold a secret or a person. What a handler notes is added. */
  changes?: (call: AuditedCall<N>) => { [field: string]: AuditChanges[string] | undefined };
}

type RouteAudits = { readonly [N in RouteName]: RouteAudit<N> };

/** A route that is missing here does not compile. Its course is that of its permission, or of its path. */
export const routeAudit: RouteAudits = {
  getSetup: 'none',
  completeSetup: 'none',
  signup: 'none',
  login: 'none',
  refresh: 'none',
  logout: 'none',
  getProfile: 'none',
  updateProfile: 'none',
  deactivate: 'none',
  listLogins: 'none',
  endLogin: 'none',
  listUsers: 'none',
  createUser: { action: 'user.created', target: ['user', ({ answer }) => answer.id], changes: ({ body }) => ({ roles: body.roles }) },
  setUserActive: { action: ({ body }) => (body.isActive ? 'user.reactivated' : 'user.deactivated'), target: ['user', ({ params }) => params.userId], changes: ({ body }) => ({ reason: body.reason || undefined }) },
  setUserRoles: { action: 'user.rolesChanged', target: ['user', ({ params }) => params.userId], changes: ({ body }) => ({ roles: body.roles }) },
  listPeople: 'none',
  getPerson: 'none',
  signOutPerson: { action: 'user.signedOut', target: ['user', ({ params }) => params.userId] },
  listAudit: 'none',
  listStorage: 'none',
  listLive: 'none',
  listLiveSamples: 'none',
  getHealthDetails: 'none',
  getSiteNotice: 'none',
  getSettings: 'none',
  updateSettings: { action: 'settings.changed', target: ['site', () => 'site'] },
  createCourse: 'none',
  listCourses: 'none',
  listCatalogue: 'none',
  getCourse: 'none',
  updateCourse: { action: 'course.changed', target: ['course', ({ params }) => params.courseId], changes: ({ body: { title, enrolmentPolicy, newEnrolmentCode } }) => ({ title, enrolmentPolicy, newEnrolmentCode }) },
  deleteCourse: { action: 'course.deleted', target: ['course', ({ params }) => params.courseId] },
  publishCourse: { action: 'course.changed', target: ['course', ({ params }) => params.courseId], changes: () => ({ state: 'published' }) },
  unpublishCourse: { action: 'course.changed', target: ['course', ({ params }) => params.courseId], changes: () => ({ state: 'draft' }) },
  archiveCourse: { action: 'course.changed', target: ['course', ({ params }) => params.courseId], changes: () => ({ state: 'archived' }) },
  unarchiveCourse: { action: 'course.changed', target: ['course', ({ params }) => params.courseId], changes: () => ({ state: 'published' }) },
  restoreCourse: { action: 'course.restored', target: ['course', ({ params }) => params.courseId] },
  listDeletedCourses: 'none',
  duplicateCourse: 'none',
  listCategories: 'none',
  createCategory: { action: 'category.created', target: ['category', ({ answer }) => answer.id], changes: ({ body }) => ({ name: body.name }) },
  updateCategory: { action: 'category.changed', target: ['category', ({ params }) => params.categoryId], changes: ({ body }) => ({ name: body.name }) },
  deleteCategory: { action: 'category.deleted', target: ['category', ({ params }) => params.categoryId] },
  listLecturePeople: 'none',
  getImage: 'none',
  setAvatar: 'none',
  deleteAvatar: 'none',
  enrol: 'none',
  enrolByCode: 'none',
  leaveCourse: 'none',
  listEnrolments: 'none',
  setEnrolmentRole: { action: 'enrolment.roleChanged', target: ['user', ({ params }) => params.userId], changes: ({ body }) => ({ role: body.role }) },
  removeEnrolment: { action: 'enrolment.removed', target: ['user', ({ params }) => params.userId] },
  createInvitation: { action: 'invitation.created', target: ['invitation', ({ answer }) => answer.invitation.id], changes: ({ body }) => ({ role: body.role }) },
  listInvitations: 'none',
  deleteInvitation: { action: 'invitation.revoked', target: ['invitation', ({ params }) => params.invitationId] },
  showInvitation: 'none',
  acceptInvitation: 'none',
  listRemovedMembers: 'none',
  readmitMember: { action: 'enrolment.readmitted', target: ['user', ({ params }) => params.userId] },
  getStreamKey: 'none',
  issueStreamKey: { action: 'streamKey.issued', target: ['course', ({ params }) => params.courseId] },
  deleteStreamKey: { action: 'streamKey.revoked', target: ['course', ({ params }) => params.courseId] },
  scheduleLecture: { action: 'lecture.scheduled', target: ['lecture', ({ answer }) => answer.id], changes: ({ body: { title, scheduledAt } }) => ({ title, scheduledAt }) },
  listLectures: 'none',
  getLecture: 'none',
  updateLecture: { action: 'lecture.changed', target: ['lecture', ({ params }) => params.lectureId], changes: ({ body }) => body },
  deleteLecture: { action: 'lecture.cancelled', target: ['lecture', ({ params }) => params.lectureId] },
  listRemovedParticipants: 'none',
  readmitParticipant: { action: 'participant.readmitted', target: ['user', ({ params }) => params.userId], changes: ({ params }) => ({ lectureId: params.lectureId }) },
  getLectureChat: 'none',
  startLecture: { action: 'lecture.started', target: ['lecture', ({ answer }) => answer.id] },
  joinLecture: 'none',
  endLecture: { action: 'lecture.ended', target: ['lecture', ({ params }) => params.lectureId] },
  getHome: 'none',
  getVideo: 'none',
  getPlayback: 'none',
  listVideos: 'none',
  getProgress: 'none',
  saveProgress: 'none',
  listWorkers: 'none',
  listJobs: 'none',
  cancelJob: { action: 'job.cancelled', target: ['job', ({ params }) => params.jobId], changes: ({ answer }) => ({ kind: answer.kind }) },
  resendJob: { action: 'job.resent', target: ['job', ({ params }) => params.jobId], changes: ({ answer }) => ({ kind: answer.kind }) },
  getLiveness: 'none',
  getReadiness: 'none',
  getJwks: 'none',
  getOpenApi: 'none',
};
