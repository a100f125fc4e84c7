// Responsible for lists of people that an instructor uploads: reading them, saying what they would do, and asking for that to be done
// in the background.
import type { CourseId, UserId } from '#engine/contract';
import { newId, toInstant } from '#engine/kernel';
import type { Clock, JobQueue, Logger } from '#engine/kernel';
import type { AccountRow, AccountStore } from '../../accounts/AccountStore.ts';
import { maxGroupsPerCourse, maxShownRosterLines } from '../../contract/index.ts';
import type { RosterLine } from '../../contract/index.ts';
import type { EnrolmentStore } from '../../courses/EnrolmentStore.ts';
import type { RemovalStore } from '../../courses/RemovalStore.ts';
import { rosterPreviewMs } from '../../limits.ts';
import { groupKey } from '../GroupStore.ts';
import type { GroupStore } from '../GroupStore.ts';
import { isReady } from '../PendingAdmissions.ts';
import { decodeRoster } from './decodeRoster.ts';
import { rosterJobs } from './importRoster.ts';
import { parseRoster } from './parseRoster.ts';
import type { LineProblem, ParsedLine } from './parseRoster.ts';
import type { RosterRow, RosterStore } from './RosterStore.ts';

export interface RostersOptions {
  store: RosterStore;
  accounts: AccountStore;
  enrolments: EnrolmentStore;
  removals: RemovalStore;
  groups: GroupStore;
  jobs: Pick<JobQueue, 'add'>;
  clock: Clock;
  logger: Logger;
}

/** A usable line, and what applying it would do. */
type PlannedLine = RosterLine & Pick<ParsedLine, 'role'>;

export class Rosters {
  readonly #options: RostersOptions;

  constructor(options: RostersOptions) {
    this.#options = options;
  }

  /** Reads a list and keeps it for a day. Nobody is enrolled. @throws CodedError `roster.unreadable` */
  async preview(courseId: CourseId, createdBy: UserId, bytes: Uint8Array): Promise<RosterRow> {
    const { store, clock, logger } = this.#options;
    const { text, encoding } = decodeRoster(bytes);
    const { separator, columns, lines, problems } = parseRoster(text);
    const plan = await this.#plan(courseId, lines);
    const all = [...problems, ...plan.problems].sort((a, b) => a.line - b.line);
    const count = (wanted: RosterLine['plan']) => plan.lines.filter((line) => line.plan === wanted).length;
    const row: RosterRow = {
      _id: newId('imp'),
      courseId,
      createdBy,
      createdAt: toInstant(clock.nowMs()),
      state: 'previewed',
      encoding,
      separator,
      columns,
      planned: { add: count('add'), member: count('member'), invite: count('invite'), problems: all.length },
      newGroups: plan.newGroups,
      shown: plan.lines.slice(0, maxShownRosterLines),
      problems: all.slice(0, maxShownRosterLines),
      total: plan.lines.length,
      done: 0,
      result: { added: 0, alreadyIn: 0, invited: 0, waiting: 0, problems: all.length },
    };
    await store.add(row, plan.lines.map(({ line, email, name, role, group }) => ({ line, email, name, role, group })));
    logger.info({ courseId, importId: row._id, lines: row.total, problems: all.length, userId: createdBy }, 'roster.previewed');
    return row;
  }

  /** @throws CodedError `roster.notFound` */
  async get(courseId: CourseId, importId: string): Promise<RosterRow> {
    return this.#options.store.get(courseId, importId, toInstant(this.#options.clock.nowMs() - rosterPreviewMs));
  }

  /** Has the list applied, once, however often it is called. @throws CodedError `roster.notFound` */
  async apply(courseId: CourseId, importId: string): Promise<RosterRow> {
    const { store, jobs } = this.#options;
    if ((await this.get(courseId, importId)).state !== 'applied') {
      await store.startApplying(importId);
      await jobs.add(rosterJobs, { key: importId, data: { importId } });
    }
    return this.get(courseId, importId);
  }

  async #plan(courseId: CourseId, parsed: readonly ParsedLine[]): Promise<{ lines: PlannedLine[]; problems: LineProblem[]; newGroups: string[] }> {
    const { accounts, enrolments, removals, groups } = this.#options;
    const [found, members, removed, known] = await Promise.all([
      accounts.findManyByEmail(parsed.map(({ email }) => email)),
      enrolments.ofCourse(courseId),
      removals.ofCourse(courseId),
      groups.ofCourse(courseId),
    ]);
    const facts: RosterFacts = {
      accounts: found,
      members: new Set(members.map(({ userId }) => userId)),
      removed: new Set(removed.map(({ userId }) => userId)),
      groups: new Set(known.map(({ nameKey }) => nameKey)),
    };
    const [lines, problems, newGroups]: [PlannedLine[], LineProblem[], string[]] = [[], [], []];
    for (const line of parsed) {
      const isNewGroup = line.group !== '' && !facts.groups.has(groupKey(line.group));
      const planned = planLine(line, facts);
      if ('problem' in planned) {
        problems.push(planned);
        continue;
      }
      lines.push(planned);
      if (!isNewGroup) continue;
      facts.groups.add(groupKey(line.group));
      newGroups.push(line.group);
    }
    return { lines, problems, newGroups };
  }
}

/** What is known of a course and of the people of a list. */
interface RosterFacts {
  accounts: ReadonlyMap<string, AccountRow>;
  members: ReadonlySet<string>;
  removed: ReadonlySet<string>;
  /** By the keys of their names, with those that the list adds. */
  groups: Set<string>;
}

function planLine(line: ParsedLine, { accounts, members, removed, groups }: RosterFacts): PlannedLine | LineProblem {
  const account = accounts.get(line.email);
  if (account && removed.has(account._id)) return { line: line.line, problem: 'removed', text: line.email };
  const isNewGroup = line.group !== '' && !groups.has(groupKey(line.group));
  if (isNewGroup && groups.size >= maxGroupsPerCourse) return { line: line.line, problem: 'tooManyGroups', text: line.group };
  if (account && members.has(account._id)) return { ...line, plan: 'member' };
  return { ...line, plan: account && isReady(account) ? 'add' : 'invite' };
}
