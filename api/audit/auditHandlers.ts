import { CourseId, isCoded, LectureId, UserId } from '#engine/contract';
import { fromInstant, toInstant } from '#engine/kernel';
import type { Handlers } from '../access/index.ts';
import type { AccountStore } from '../accounts/AccountStore.ts';
import type { AuditEntry, auditRoutes } from '../contract/index.ts';
import type { CourseStore } from '../courses/CourseStore.ts';
import type { LectureDirectory } from '../lectures/LectureDirectory.ts';
import type { AuditRow, AuditStore } from './AuditStore.ts';

export interface AuditHandlersOptions {
  audit: AuditStore;
  accounts: Pick<AccountStore, 'findMany'>;
  courses: Pick<CourseStore, 'findMany'>;
  directory: Pick<LectureDirectory, 'get'>;
}

type NameOf = (id: string | null) => string | null;

export function auditHandlers(options: AuditHandlersOptions): Handlers<keyof typeof auditRoutes> {
  return {
    listAudit: async ({ query: { from, to, ...query } }) => {
      const { rows, nextCursor } = await options.audit.search({ ...query, from: from && precise(from), to: to && precise(to) });
      const nameOf = await namesIn(rows, options);
      return { entries: rows.map((row) => view(row, nameOf)), nextCursor };
    },
  };
}

/** With milliseconds, as stored instants have them. */
const precise = (instant: string) => toInstant(fromInstant(instant));

function view({ _id, at, actorId, action, targetKind, targetId, courseId, requestId, addressGroup, changes }: AuditRow, nameOf: NameOf): AuditEntry {
  return {
    id: _id,
    at,
    actor: { id: actorId, name: nameOf(actorId) },
    action,
    target: { kind: targetKind, id: targetId, name: nameOf(targetId) },
    course: courseId === null ? null : { id: CourseId.parse(courseId), name: nameOf(courseId) },
    requestId,
    addressGroup,
    changes,
  };
}

/** The present names of the people, courses and lectures in some entries. */
async function namesIn(entries: readonly AuditRow[], { accounts, courses, directory }: AuditHandlersOptions): Promise<NameOf> {
  const ids = [...new Set(entries.flatMap(({ actorId, targetId, courseId }) => [actorId, targetId, courseId ?? '']))];
  const ofType = <T>(schema: { safeParse(id: string): { data?: T | undefined } }) => ids.flatMap((id) => schema.safeParse(id).data ?? []);
  const lecture = async (lectureId: LectureId) => {
    try {
      return [[lectureId as string, (await directory.get(lectureId)).title] as const];
    } catch (err) {
      if (isCoded(err, 'lecture.notFound')) return [];
      throw err;
    }
  };
  const [people, courseRows, lectures] = await Promise.all([accounts.findMany(ofType(UserId)), courses.findMany(ofType(CourseId)), Promise.all(ofType(LectureId).map(lecture))]);
  const names = new Map<string, string>([...[...people].map(([id, { displayName }]) => [id, displayName] as const), ...courseRows.map(({ _id, title }) => [_id, title] as const), ...lectures.flat()]);
  return (id) => (id === null ? null : (names.get(id) ?? null));
}
