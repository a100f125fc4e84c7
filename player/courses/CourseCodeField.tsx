import { TextField } from '../design/index.ts';
import { text } from '../text/index.ts';

export interface CourseCodeFieldProps {
  value: string;
  error: string | undefined;
  onValue: (code: string) => void;
}

/** The code with which students join a course. */
export function CourseCodeField(props: CourseCodeFieldProps) {
  return <TextField label={text.course.enrolCode} hint={text.course.enrolCodeHint} autocomplete="off" autocapitalize="none" spellcheck={false} required {...props} />;
}
