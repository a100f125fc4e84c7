import type { Handlers } from '../access/index.ts';
import type { rosterRoutes } from '../contract/index.ts';
import type { Admissions } from './Admissions.ts';
import type { EnrolmentStore } from '../courses/EnrolmentStore.ts';
import type { GroupStore } from './GroupStore.ts';
import type { People } from './People.ts';
import { exportMembers } from './roster/exportMembers.ts';
import type { Rosters } from './roster/Rosters.ts';
import type { RosterRow } from './roster/RosterStore.ts';
import { CourseId } from '#engine/contract';

export interface RosterHandlersOptions {
  rosters: Rosters;
  admissions: Admissions;
  enrolments: EnrolmentStore;
  groups: GroupStore;
  people: People;
}

export function rosterHandlers(options: RosterHandlersOptions): Handlers<keyof typeof rosterRoutes> {
  const { rosters, groups, people } = options;
  return {
    previewRoster: async ({ params, body, caller }) => view(options, await rosters.preview(params.courseId, caller.userId, body)),
    getRoster: async ({ params }) => view(options, await rosters.get(params.courseId, params.importId)),
    applyRoster: async ({ params }) => view(options, await rosters.apply(params.courseId, params.importId)),
    exportEnrolments: async ({ params: { courseId } }) => {
      const [members, named] = await Promise.all([people.all(courseId), groups.ofCourse(courseId)]);
      const names = new Map(named.map(({ _id, name }) => [_id, name]));
      const rows = members.map(({ account: { displayName, email }, enrolment: { role, groupId, enrolledAt } }) => ({ displayName, email, role, enrolledAt, group: names.get(groupId ?? '') ?? '' }));
      return { contentType: 'text/csv; charset=utf-8', body: exportMembers(rows), headers: { 'Content-Disposition': 'attachment; filename="members.csv"' } };
    },
  };
}

async function view({ admissions, enrolments }: RosterHandlersOptions, row: RosterRow) {
  const { _id, state, createdAt, encoding, separator, columns, planned, newGroups, shown, problems, total, done, result } = row;
  const courseId = CourseId.parse(row.courseId);
  const capacity = await admissions.capacityOf(courseId);
  const freeSeats = capacity === null ? null : Math.max(0, capacity - (await enrolments.countStudents(courseId)));
  return { id: _id, state, createdAt, encoding, separator, columns, planned, freeSeats, newGroups, lines: shown, problems, progress: { done, total }, result };
}
