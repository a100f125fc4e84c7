import type { RosterImport } from '#api/contract';
import { Notice } from '../design/index.ts';
import { text } from '../text/index.ts';
import { RosterProblems } from './RosterProblems.tsx';

/** Lines that are shown at first glance. */
const shownLines = 8;

/** What a list would do. */
export function RosterPreview({ roster }: { roster: RosterImport }) {
  const { planned, newGroups, columns, lines, problems, progress } = roster;
  const waiting = waitingIn(roster);
  const unused = columns.filter(({ column }) => column === null).length;
  const counts = [
    planned.add > 0 ? text.enrolment.willAdd(planned.add - waiting) : '',
    waiting > 0 ? text.enrolment.willWait(waiting) : '',
    planned.invite > 0 ? text.enrolment.willInvite(planned.invite) : '',
    planned.member > 0 ? text.enrolment.isMember(planned.member) : '',
    newGroups.length > 0 ? text.enrolment.createsGroups(newGroups.length) : '',
    unused > 0 ? text.enrolment.unused(unused) : '',
    planned.problems > 0 ? text.enrolment.haveProblems(planned.problems) : '',
  ];
  return (
    <div class="stack">
      <Notice tone={progress.total === 0 ? 'warning' : 'normal'}>{progress.total === 0 ? text.enrolment.nothingToAdd : text.enrolment.nothingYet}</Notice>
      <ul class="roster__counts tabular">
        {counts.filter(Boolean).map((count) => (
          <li key={count}>{count}</li>
        ))}
      </ul>
      <RosterProblems problems={problems} count={planned.problems} />
      {lines.length > 0 ? <LineTable lines={lines.slice(0, shownLines)} more={progress.total - Math.min(shownLines, lines.length)} /> : null}
    </div>
  );
}

/** Students without a free seat. Lines beyond those that are shown are students, for all that is known here. */
function waitingIn({ planned, freeSeats, lines }: RosterImport): number {
  if (freeSeats === null) return 0;
  const assistants = lines.filter(({ role, plan }) => plan === 'add' && role !== 'student').length;
  return Math.max(0, planned.add - assistants - freeSeats);
}

function LineTable({ lines, more }: { lines: RosterImport['lines']; more: number }) {
  const { columns, plans } = text.enrolment;
  return (
    <section class="stack-tight">
      <h3>{text.enrolment.linesTitle}</h3>
      <div class="roster__table" tabIndex={0} role="group" aria-label={text.enrolment.linesTitle}>
        <table>
          <thead>
            <tr>
              <th scope="col">{columns.email}</th>
              <th scope="col">{columns.name}</th>
              <th scope="col">{columns.role}</th>
              <th scope="col">{columns.group}</th>
              <th scope="col">{columns.plan}</th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ line, email, name, role, group, plan }) => (
              <tr key={line}>
                <td>{email}</td>
                <td dir="auto">{name}</td>
                <td>{text.course.roles[role]}</td>
                <td dir="auto">{group}</td>
                <td>{plans[plan]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more > 0 ? <p class="small quiet">{text.enrolment.andMore(more)}</p> : null}
    </section>
  );
}
