import { categories, courses } from './en/courses.ts';
import { enrolment } from './en/enrolment.ts';
import { errors, localErrors } from './en/errors.ts';
import { jobs } from './en/jobs.ts';
import { account, admin, course, home, invitation, server, shell, streamKey } from './en/pages.ts';
import { library } from './en/library.ts';
import { ownership } from './en/ownership.ts';
import { personal } from './en/personal.ts';
import { administration, health } from './en/administration.ts';
import { auditActions } from './en/auditActions.ts';
import { profile } from './en/profile.ts';
import { tokens, webhooks } from './en/programs.ts';
import { chat, room } from './en/room.ts';
import { captions } from './en/captions.ts';
import { materials, quizzes } from './en/quizzes.ts';
import { announcements, calendar, progress, schedule } from './en/schedule.ts';
import { security } from './en/security.ts';
import { recommendations } from './en/recommendations.ts';
import { retention, storage } from './en/storage.ts';
import { sharing } from './en/sharing.ts';
import { studio } from './en/studio.ts';
import { clips } from './en/clips.ts';
import { uploads } from './en/uploads.ts';
import { editor } from './en/editor.ts';
import { videoPage } from './en/videoPage.ts';
import { watch } from './en/watch.ts';

/** All texts of the pages in English. Another language is an object of the same shape: `satisfies Text`. */
export const en = {
  locale: 'en',
  actions: { close: 'Close', cancel: 'Cancel', tryAgain: 'Try again', save: 'Save' },
  states: { loading: 'Loading…' },
  copy: { of: (what: string) => `Copy: ${what}`, done: 'Copied', failed: 'The browser blocked copying. Select the text and copy it yourself.' },
  time: {
    today: (time: string) => `today at ${time}`,
    tomorrow: (time: string) => `tomorrow at ${time}`,
    yesterday: (time: string) => `yesterday at ${time}`,
  },
  shell,
  sharing,
  clips,
  account,
  personal,
  profile,
  tokens,
  webhooks,
  admin,
  administration,
  auditActions,
  health,
  server,
  home,
  recommendations,
  course,
  enrolment,
  courses,
  ownership,
  categories,
  invitation,
  jobs,
  streamKey,
  schedule,
  calendar,
  announcements,
  quizzes,
  captions,
  materials,
  progress,
  security,
  room,
  chat,
  studio,
  watch,
  library,
  uploads,
  editor,
  videoPage,
  storage,
  retention,
  errors,
  localErrors,
  fieldWrong: 'Check this.',
} as const;
