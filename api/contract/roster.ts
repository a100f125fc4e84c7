import * as z from 'zod';
import { CourseRole, Instant, RecordId } from '#engine/contract';
import { CourseParams } from './courses.ts';
import { maxRosterBytes } from './enrolmentLimits.ts';
import { Download, route, UploadBody } from './route.ts';

/** The columns of a list. `name` may be two columns, of first and last name. */
export const RosterColumn = z.enum(['email', 'name', 'firstName', 'lastName', 'role', 'group']);
export type RosterColumn = z.infer<typeof RosterColumn>;

/** Why a line cannot be used. */
export const RosterProblem = z.enum(['emailMissing', 'emailInvalid', 'emailLookalike', 'emailRepeated', 'roleUnknown', 'groupInvalid', 'tooManyGroups', 'removed', 'failed']);
export type RosterProblem = z.infer<typeof RosterProblem>;

/** `add`: will be enrolled. `member`: is in the course; only the group changes. `invite`: has no account with this verified address. */
export const RosterPlan = z.enum(['add', 'member', 'invite']);
export type RosterPlan = z.infer<typeof RosterPlan>;

export const RosterLine = z.object({
  line: z.number().int().describe('In the file, counted from 1.'),
  email: z.string(),
  name: z.string(),
  role: CourseRole,
  group: z.string().describe('Empty: none.'),
  plan: RosterPlan,
});
export type RosterLine = z.infer<typeof RosterLine>;

export const RosterLineProblem = z.object({ line: z.number().int(), problem: RosterProblem, text: z.string().describe('The part of the line that the problem is about.') });
export type RosterLineProblem = z.infer<typeof RosterLineProblem>;

/** A list that was read, and what applying it does or has done. */
export const RosterImport = z.object({
  id: RecordId,
  state: z.enum(['previewed', 'applying', 'applied']),
  createdAt: Instant,
  encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252']),
  separator: z.enum([',', ';', '\t']),
  columns: z.array(z.object({ title: z.string().describe('As the file has it.'), column: RosterColumn.nullable().describe('Null: not used.') })),
  planned: z.object({ add: z.number().int(), member: z.number().int(), invite: z.number().int(), problems: z.number().int() }).describe('How many lines; in total the lines of the file.'),
  freeSeats: z.number().int().nullable().describe('Students beyond it go on the waiting list; null: no limit.'),
  newGroups: z.array(z.string()).describe('Groups that applying creates.'),
  lines: z.array(RosterLine).describe('The first lines that can be used.'),
  problems: z.array(RosterLineProblem).describe('The first problems, by line: of the file, and after applying also those that came up then.'),
  progress: z.object({ done: z.number().int(), total: z.number().int() }).describe('Lines.'),
  result: z
    .object({ added: z.number().int(), alreadyIn: z.number().int(), invited: z.number().int(), waiting: z.number().int(), problems: z.number().int() })
    .describe('What was done so far, in lines.'),
});
export type RosterImport = z.infer<typeof RosterImport>;

const course = '/api/v1/courses/:courseId';
const ImportParams = CourseParams.extend({ importId: RecordId });

export const rosterRoutes = {
  previewRoster: route({
    method: 'POST',
    path: `${course}/rosters`,
    params: CourseParams,
    body: UploadBody,
    upload: { mediaTypes: ['text/csv', 'application/octet-stream'], maxBytes: maxRosterBytes },
    response: RosterImport,
    status: 201,
    auth: 'user',
    summary: 'Read a list of people (CSV) and see what it would do. Nobody is enrolled yet. Columns are found by their titles: email, name, role, group.',
  }),
  getRoster: route({ method: 'GET', path: `${course}/rosters/:importId`, params: ImportParams, response: RosterImport, auth: 'user', summary: 'See a list that was read, and how far it is applied.' }),
  applyRoster: route({
    method: 'POST',
    path: `${course}/rosters/:importId/apply`,
    params: ImportParams,
    response: RosterImport,
    auth: 'user',
    summary: 'Enrol the people of a list, in the background. Repeating it changes nothing.',
  }),
  exportEnrolments: route({
    method: 'GET',
    path: `${course}/enrolments.csv`,
    params: CourseParams,
    response: Download,
    download: { mediaTypes: ['text/csv'] },
    auth: 'user',
    summary: 'Download the members of a course as CSV: name, email, role, group, date.',
  }),
};
