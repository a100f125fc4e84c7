import { administration, health } from './es/administration.ts';
import { auditActions } from './es/auditActions.ts';
import { categories, courses } from './es/courses.ts';
import { enrolment } from './es/enrolment.ts';
import { errors, localErrors } from './es/errors.ts';
import { jobs } from './es/jobs.ts';
import { account, admin, course, home, invitation, server, shell, streamKey } from './es/pages.ts';
import { library } from './es/library.ts';
import { ownership } from './es/ownership.ts';
import { personal } from './es/personal.ts';
import { profile } from './es/profile.ts';
import { tokens, webhooks } from './es/programs.ts';
import { chat, room } from './es/room.ts';
import { captions } from './es/captions.ts';
import { materials, quizzes } from './es/quizzes.ts';
import { announcements, calendar, progress, schedule } from './es/schedule.ts';
import { security } from './es/security.ts';
import { serverSentences } from './es/serverSentences.ts';
import { recommendations } from './es/recommendations.ts';
import { retention, storage } from './es/storage.ts';
import { sharing } from './es/sharing.ts';
import { studio } from './es/studio.ts';
import { clips } from './es/clips.ts';
import { uploads } from './es/uploads.ts';
import { editor } from './es/editor.ts';
import { videoPage } from './es/videoPage.ts';
import { watch } from './es/watch.ts';
import type { LanguageTexts, Text } from './Text.ts';

/** All texts of the pages in Spanish: informal (`tú`) and short. */
const text: Text = {
  locale: 'es',
  actions: { close: 'Cerrar', cancel: 'Cancelar', tryAgain: 'Reintentar', save: 'Guardar' },
  states: { loading: 'Cargando…' },
  copy: { of: (what: string) => `Copiar: ${what}`, done: 'Copiado', failed: 'El navegador ha bloqueado la copia. Selecciona el texto y cópialo tú.' },
  time: {
    today: (time: string) => `hoy, ${time}`,
    tomorrow: (time: string) => `mañana, ${time}`,
    yesterday: (time: string) => `ayer, ${time}`,
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
  fieldWrong: 'Revisa este dato.',
};

export const es: LanguageTexts = { text, serverSentences };
