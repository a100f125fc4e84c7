import * as z from 'zod';
import { removedFromCourse } from '#engine';
import { CourseId, isCoded, UserId } from '#engine/contract';
import type { ErrorCode } from '#engine/contract';
import { jobKind } from '#engine/kernel';
import type { JobHandler, Logger } from '#engine/kernel';
import type { AccountStore } from '../../accounts/AccountStore.ts';
import type { EnrolmentStore } from '../../courses/EnrolmentStore.ts';
import type { RemovalStore } from '../../courses/RemovalStore.ts';
import type { Admissions } from '../Admissions.ts';
import type { GroupStore } from '../GroupStore.ts';
import type { PendingAdmissions } from '../PendingAdmissions.ts';
import type { LineProblem, ParsedLine } from './parseRoster.ts';
import type { RosterResult, RosterRow, RosterStore } from './RosterStore.ts';

export const rosterJobs = jobKind('course.importRoster', { data: z.object({ importId: z.string() }), priority: 5 });

export interface RosterImporterOptions {
  rosters: RosterStore;
  accounts: AccountStore;
  enrolments: EnrolmentStore;
  removals: RemovalStore;
  groups: GroupStore;
  admissions: Admissions;
  pending: PendingAdmissions;
  logger: Logger;
}

type Outcome = Exclude<keyof RosterResult, 'problems'> | LineProblem;

/**
 * Applies lists, batch by batch. A batch that a worker has begun and not stored is done again: a line that has enrolled its person
 * finds the enrolment with the id of this list, and counts once.
 */
export function importRosters(options: RosterImporterOptions): JobHandler<{ importId: string }> {
  return {
    kind: rosterJobs,
    concurrency: 1,
    run: async (job) => {
      const { importId } = job.data;
      for (let row = await options.rosters.find(importId); row && row.state !== 'applied'; row = await options.rosters.find(importId)) {
        job.signal.throwIfAborted();
        if (row.done >= row.total) await finish(options, row);
        else await applyBatch(options, row);
        job.progress(row.total === 0 ? 1 : row.done / row.total, `${row.done} / ${row.total}`);
      }
    },
  };
}

async function finish({ rosters, logger }: RosterImporterOptions, { _id: importId, courseId, result }: RosterRow): Promise<void> {
  await rosters.finish(importId);
  logger.info({ courseId, importId, ...result }, 'roster.applied');
}

async function applyBatch(options: RosterImporterOptions, row: RosterRow): Promise<void> {
  const lines = await options.rosters.batch(row._id, row.done);
  // Another run has finished the list, or it is too old.
  if (lines.length === 0) return options.rosters.finish(row._id);
  // With a capacity, the order of the list is the order of the waiting list.
  const isInOrder = (await options.admissions.capacityOf(CourseId.parse(row.courseId))) !== null;
  const outcomes: Outcome[] = [];
  if (isInOrder) for (const line of lines) outcomes.push(await applyLine(options, row, line));
  else outcomes.push(...(await Promise.all(lines.map((line) => applyLine(options, row, line)))));
  const problems = outcomes.filter((outcome) => typeof outcome === 'object');
  const count = (wanted: Outcome) => outcomes.filter((outcome) => outcome === wanted).length;
  const result = { added: count('added'), alreadyIn: count('alreadyIn'), invited: count('invited'), waiting: count('waiting'), problems: problems.length };
  await options.rosters.advance(row, row.done, { count: lines.length, result, problems });
}

async function applyLine(options: RosterImporterOptions, row: RosterRow, line: ParsedLine): Promise<Outcome> {
  try {
    return await admitLine(options, row, line);
  } catch (err) {
    // A person who was removed or has left at this moment, or a course with too many groups. Other failures stop the job, which is repeated.
    const problem = isCoded(err) ? refusals.get(err.code) : undefined;
    if (!problem) throw err;
    return { line: line.line, problem, text: problem === 'tooManyGroups' ? line.group : line.email };
  }
}

const refusals: ReadonlyMap<ErrorCode, LineProblem['problem']> = new Map([
  ['enrolment.removed', 'removed'],
  ['enrolment.notFound', 'failed'],
  ['request.invalid', 'tooManyGroups'],
]);

async function admitLine({ accounts, enrolments, removals, groups, pending }: RosterImporterOptions, row: RosterRow, line: ParsedLine): Promise<Outcome> {
  const { _id: importId, createdBy, createdAt } = row;
  const courseId = CourseId.parse(row.courseId);
  const groupId = line.group === '' ? null : (await groups.ensure(courseId, line.group, createdAt))._id;
  const account = await accounts.findByEmail(line.email);
  if (account) {
    const userId = UserId.parse(account._id);
    const enrolment = await enrolments.find(courseId, userId);
    if (enrolment?.importId === importId) return 'added';
    if (enrolment) {
      if (groupId !== null) await enrolments.setGroup(courseId, userId, groupId);
      return 'alreadyIn';
    }
    if (await removals.find(courseId, userId)) throw removedFromCourse();
  }
  const { email, name, role } = line;
  const { outcome } = await pending.admitOrKeep({ courseId, email, name, role, groupId, importId, createdBy, createdAt });
  return outcome === 'enrolled' ? 'added' : outcome;
}
