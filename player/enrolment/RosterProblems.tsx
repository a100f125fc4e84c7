import type { RosterImport } from '#api/contract';
import { text } from '../text/index.ts';

/** The lines of a list that cannot be used, and why. */
export function RosterProblems({ problems, count }: { problems: RosterImport['problems']; count: number }) {
  if (problems.length === 0) return null;
  return (
    <section class="stack-tight">
      <h3>{text.enrolment.problemsTitle}</h3>
      <ul class="roster__problems" tabIndex={0} aria-label={text.enrolment.problemsTitle}>
        {problems.map(({ line, problem, text: about }) => (
          <li key={line}>
            <span class="roster__line tabular">{text.enrolment.line(line)}</span>
            <span>
              {text.enrolment.problems[problem]}
              {about ? (
                <span class="quiet" dir="auto">
                  {' '}
                  {about}
                </span>
              ) : null}
            </span>
          </li>
        ))}
        {count > problems.length ? <li class="quiet">{text.enrolment.andMore(count - problems.length)}</li> : null}
      </ul>
    </section>
  );
}
