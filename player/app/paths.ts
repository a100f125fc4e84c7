import type { CourseId, LectureId, VideoId } from '#engine/contract';

/** Paths of the pages. */
export const paths = {
  home: '/',
  setup: '/setup',
  signIn: '/sign-in',
  signUp: '/sign-up',
  forgotPassword: '/forgot-password',
  accountDeactivated: '/account-deactivated',
  profile: '/profile',
  calendar: '/calendar',
  myData: '/my-data',
  deleteAccount: '/delete-account',
  security: '/security',
  administration: '/administration',
  administrationSection: (section: string) => `/administration/${section}`,
  person: (userId: string) => `/administration/people/${userId}`,
  invitation: (token: string) => `/invitation?token=${token}`,
  courses: '/courses',
  courseTrash: '/courses/trash',
  categories: '/courses/categories',
  course: (courseId: CourseId | string) => `/courses/${courseId}`,
  quiz: (courseId: CourseId | string, quizId: string) => `/courses/${courseId}/quizzes/${quizId}`,
  quizPart: (courseId: CourseId | string, quizId: string, part: 'edit' | 'results') => `/courses/${courseId}/quizzes/${quizId}/${part}`,
  live: (lectureId: LectureId | string) => `/live/${lectureId}`,
  studio: (lectureId: LectureId | string) => `/studio/${lectureId}`,
  deletedVideos: '/library?view=deleted',
  library: '/library',
  uploads: '/uploads',
  uploadsTo: (courseId: CourseId | string) => `/uploads?course=${courseId}`,
  video: (videoId: VideoId | string) => `/videos/${videoId}`,
  editor: (videoId: VideoId | string) => `/videos/${videoId}/edit`,
  watch: (videoId: VideoId | string) => `/watch/${videoId}`,
} as const;

export function absolute(path: string): string {
  return new URL(path, location.origin).href;
}

/** The page to open after signing in. Only paths of this site are allowed. */
export function safeNext(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])/.test(next) ? next : paths.home;
}
