import './enrolment.css';

/** A number beside a name, with the words that a screen reader says for it. */
export function CountBadge({ count, label, isQuiet }: { count: number; label?: string; isQuiet?: boolean }) {
  return (
    <span class={`count-badge ${isQuiet ? 'count-badge--quiet' : ''}`}>
      <span aria-hidden={label ? 'true' : undefined} class="tabular">
        {count}
      </span>
      {label ? <span class="unseen">{label}</span> : null}
    </span>
  );
}
