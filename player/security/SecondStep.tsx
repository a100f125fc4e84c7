import { useState } from 'preact/hooks';
import type { SecondFactorMethod } from '#api/contract';
import { ActionForm } from '../app/ActionForm.tsx';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { Button, TextField } from '../design/index.ts';
import { text } from '../text/index.ts';
import { askForPasskey, canUsePasskeys } from './passkeys.ts';
import type { Login } from './useLogin.ts';

const labels: Record<SecondFactorMethod, () => string> = {
  totp: () => text.security.useApp,
  passkey: () => text.security.usePasskey,
  recoveryCode: () => text.security.useRecoveryCode,
};

/** The second step of a login: a code, a passkey or a recovery code. */
export function SecondStep({ login }: { login: Login }) {
  const challenge = login.challenge?.challenge ?? '';
  const methods = (login.challenge?.methods ?? []).filter((method) => method !== 'passkey' || canUsePasskeys);
  const [method, setMethod] = useState<SecondFactorMethod>(methods[0] ?? 'recoveryCode');
  const [code, setCode] = useState('');
  const verify = useAction(async () => {
    const proof = method === 'passkey' ? { passkey: await askForPasskey() } : method === 'totp' ? { code } : { recoveryCode: code };
    await login.attempt(() => api.completeLogin({ body: { challenge, proof } }));
  });
  return (
    <div class="page page--narrow">
      <h1>{text.security.secondStepTitle}</h1>
      <ActionForm action={verify}>
        {method === 'totp' ? (
          <TextField key="totp" label={text.security.code} autocomplete="one-time-code" inputMode="numeric" autofocus required value={code} error={verify.fieldProblem('proof')} onValue={setCode} />
        ) : null}
        {method === 'recoveryCode' ? (
          <TextField key="recovery" label={text.security.recoveryCode} hint={text.security.recoveryCodeHint} autocomplete="off" spellcheck={false} autofocus required value={code} error={verify.fieldProblem('proof')} onValue={setCode} />
        ) : null}
        <Button type="submit" variant="primary" size="large" isWide isBusy={verify.isBusy}>
          {method === 'passkey' ? text.security.usePasskey : text.security.verify}
        </Button>
      </ActionForm>
      <div class="stack-tight">
        {methods.filter((other) => other !== method).map((other) => (
          <Button
            key={other}
            isWide
            onClick={() => {
              setCode('');
              setMethod(other);
            }}
          >
            {labels[other]()}
          </Button>
        ))}
        <Button variant="quiet" isWide onClick={login.startOver}>
          {text.security.startOver}
        </Button>
      </div>
    </div>
  );
}
