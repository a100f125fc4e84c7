import type { EnrolmentPolicy } from '#api/contract';
import type { Action } from '../app/useAction.ts';
import { Select, TextField } from '../design/index.ts';
import { text } from '../text/index.ts';
import { DescriptionField } from './settings/DescriptionField.tsx';

export interface CourseForm {
  title: string;
  description: string;
  enrolmentPolicy: EnrolmentPolicy;
}

const policies = () =>
  (['code', 'open', 'request', 'closed'] as const satisfies readonly EnrolmentPolicy[]).map((value) => ({ value, label: text.home.policies[value] }));

interface CourseFieldsProps {
  value: CourseForm;
  action: Action<[]>;
  /** A new course gets its description later. */
  isNew?: boolean;
  onValue: (value: CourseForm) => void;
}

/** The form fields of a course, for creating and editing it. */
export function CourseFields({ value, action, isNew = false, onValue }: CourseFieldsProps) {
  return (
    <>
      <TextField
        label={text.home.courseTitle}
        hint={text.home.courseTitleHint}
        required
        value={value.title}
        error={action.fieldProblem('title')}
        onValue={(title) => onValue({ ...value, title })}
      />
      {isNew ? null : <DescriptionField value={value.description} error={action.fieldProblem('description')} onValue={(description) => onValue({ ...value, description })} />}
      <Select
        label={text.home.enrolmentPolicy}
        value={value.enrolmentPolicy}
        choices={policies()}
        onValue={(chosen) => onValue({ ...value, enrolmentPolicy: policies().find((policy) => policy.value === chosen)?.value ?? 'code' })}
      />
    </>
  );
}
