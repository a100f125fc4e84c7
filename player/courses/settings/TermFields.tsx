import type { Term } from '#api/contract';
import { TextField } from '../../design/index.ts';
import { text } from '../../text/index.ts';
import './settings.css';

/** The first and the last day; empty while not chosen. */
export type TermForm = Term;

interface TermFieldsProps {
  value: TermForm;
  problemOf: (path: string) => string | undefined;
  onValue: (value: TermForm) => void;
}

/** The days between which the course is taught. */
export function TermFields({ value, problemOf, onValue }: TermFieldsProps) {
  return (
    <div class="field-pair">
      <TextField label={text.courses.termStart} type="date" value={value.startsOn} error={problemOf('term.startsOn')} onValue={(startsOn) => onValue({ ...value, startsOn })} />
      <TextField label={text.courses.termEnd} type="date" value={value.endsOn} error={problemOf('term.endsOn')} onValue={(endsOn) => onValue({ ...value, endsOn })} />
    </div>
  );
}
