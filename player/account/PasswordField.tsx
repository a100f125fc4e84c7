import { Eye, EyeOff } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { IconButton, TextField } from '../design/index.ts';
import { text } from '../text/index.ts';
import './account.css';

interface PasswordFieldProps {
  label: string;
  hint?: string;
  value: string;
  error: string | undefined;
  autocomplete: 'current-password' | 'new-password';
  onValue: (value: string) => void;
}

/** A password input with a button that shows the password. */
export function PasswordField(props: PasswordFieldProps) {
  const [isShown, setShown] = useState(false);
  return (
    <div class="password">
      <TextField {...props} required type={isShown ? 'text' : 'password'} />
      <IconButton class="password__show" label={text.account.showPassword} isPressed={isShown} onClick={() => setShown(!isShown)}>
        {isShown ? <EyeOff aria-hidden="true" /> : <Eye aria-hidden="true" />}
      </IconButton>
    </div>
  );
}
