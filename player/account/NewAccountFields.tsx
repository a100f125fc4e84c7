import type { Action } from '../app/useAction.ts';
import { TextField } from '../design/index.ts';
import { text } from '../text/index.ts';
import { PasswordField } from './PasswordField.tsx';

export interface NewAccount {
  displayName: string;
  email: string;
  password: string;
}

export const emptyAccount: NewAccount = { displayName: '', email: '', password: '' };

interface NewAccountFieldsProps {
  value: NewAccount;
  action: Action<[]>;
  onValue: (value: NewAccount) => void;
}

export function NewAccountFields({ value, action, onValue }: NewAccountFieldsProps) {
  return (
    <>
      <TextField
        label={text.account.name}
        hint={text.account.nameHint}
        name="name"
        autocomplete="name"
        autofocus
        required
        value={value.displayName}
        error={action.fieldProblem('displayName')}
        onValue={(displayName) => onValue({ ...value, displayName })}
      />
      <TextField
        label={text.account.email}
        type="email"
        name="email"
        autocomplete="username"
        inputMode="email"
        required
        value={value.email}
        error={action.fieldProblem('email')}
        onValue={(email) => onValue({ ...value, email })}
      />
      <PasswordField
        label={text.account.password}
        hint={text.account.passwordHint}
        autocomplete="new-password"
        value={value.password}
        error={action.fieldProblem('password')}
        onValue={(password) => onValue({ ...value, password })}
      />
    </>
  );
}
