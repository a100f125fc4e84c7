import type { RosterColumn } from '../../contract/index.ts';

/** The titles that columns have in English, Spanish and German lists, without case, accents and punctuation. */
const titles: Readonly<Record<RosterColumn, readonly string[]>> = {
  email: ['email', 'mail', 'emailaddress', 'mailaddress', 'correo', 'correoelectronico', 'direcciondecorreo', 'emailadresse', 'mailadresse'],
  name: ['name', 'fullname', 'displayname', 'studentname', 'student', 'nombrecompleto', 'alumno', 'estudiante', 'vollername'],
  firstName: ['firstname', 'givenname', 'forename', 'nombre', 'vorname'],
  lastName: ['lastname', 'surname', 'familyname', 'apellido', 'apellidos', 'nachname', 'familienname'],
  role: ['role', 'rol', 'papel', 'rolle'],
  group: ['group', 'section', 'tutorial', 'class', 'grupo', 'seccion', 'gruppe', 'ubungsgruppe'],
};

/** What the column with this title holds; null for one that is not used. */
export function columnOf(title: string): RosterColumn | null {
  const key = title.normalize('NFKD').toLowerCase().replace(/[^\p{L}]/gu, '');
  const found = (Object.keys(titles) as RosterColumn[]).find((column) => titles[column].includes(key));
  return found ?? null;
}

/** The roles in lists. An owner cannot be listed: every course has one. */
const roles: Readonly<Record<string, 'student' | 'assistant'>> = {
  '': 'student',
  student: 'student',
  learner: 'student',
  participant: 'student',
  estudiante: 'student',
  alumno: 'student',
  alumna: 'student',
  assistant: 'assistant',
  'teaching assistant': 'assistant',
  ta: 'assistant',
  tutor: 'assistant',
  asistente: 'assistant',
  ayudante: 'assistant',
};

/** Undefined for a role that nobody can have by a list. */
export function listedRole(text: string): 'student' | 'assistant' | undefined {
  const key = text.toLowerCase().trim();
  return Object.hasOwn(roles, key) ? roles[key] : undefined;
}
