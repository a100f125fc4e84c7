import type { CourseAction } from '#engine/contract';
import type { RouteName } from '../contract/index.ts';

/**
 * What a route requires beyond the `auth` of its contract. `account`: nothing. `course`: a course role that allows the
 * action, in the course of the `courseId`, `lectureId` or `videoId` in the path, or else in the body.
 */
export type RouteAccess = 'account' | { course: CourseAction };

/** A route that is missing here does not compile. */
export const routeAccess = {
  getSetup: 'account',
  completeSetup: 'account',
  signup: 'account',
  login: 'account',
  refresh: 'account',
  logout: 'account',
  getProfile: 'account',
  updateProfile: 'account',
  deactivate: 'account',
  listLogins: 'account',
  endLogin: 'account',
  listUsers: 'account',
  setUserActive: 'account',
  setUserRoles: 'account',
  createCourse: 'account',
  listCourses: 'account',
  listCatalogue: 'account',
  getCourse: 'account',
  updateCourse: { course: 'course.edit' },
  deleteCourse: { course: 'course.delete' },
  enrol: 'account',
  enrolByCode: 'account',
  leaveCourse: 'account',
  listEnrolments: { course: 'enrolment.list' },
  addEnrolment: { course: 'course.edit' },
  removeEnrolment: { course: 'enrolment.remove' },
  listRemovedMembers: { course: 'enrolment.list' },
  readmitMember: { course: 'enrolment.remove' },
  getStreamKey: { course: 'streamKey.manage' },
  issueStreamKey: { course: 'streamKey.manage' },
  deleteStreamKey: { course: 'streamKey.manage' },
  scheduleLecture: { course: 'lecture.schedule' },
  listLectures: { course: 'lecture.list' },
  getLecture: { course: 'lecture.watch' },
  updateLecture: { course: 'lecture.schedule' },
  deleteLecture: { course: 'lecture.schedule' },
  getLectureChat: { course: 'lecture.watch' },
  startLecture: { course: 'lecture.start' },
  joinLecture: { course: 'lecture.watch' },
  endLecture: { course: 'lecture.end' },
  getHome: 'account',
  getVideo: { course: 'lecture.watch' },
  getPlayback: { course: 'lecture.watch' },
  listVideos: { course: 'lecture.watch' },
  getProgress: { course: 'lecture.watch' },
  saveProgress: { course: 'lecture.watch' },
  getLiveness: 'account',
  getReadiness: 'account',
  getJwks: 'account',
  getOpenApi: 'account',
} as const satisfies Record<RouteName, RouteAccess>;
