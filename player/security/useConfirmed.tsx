import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { ApiError } from '#api/contract';
import type { Security } from '#api/contract';
import { PasswordField } from '../account/PasswordField.tsx';
import { ActionForm } from '../app/ActionForm.tsx';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import type { Action } from '../app/useAction.ts';
import { Button, Dialog, DialogActions } from '../design/index.ts';
import { text } from '../text/index.ts';
import { askForPasskey, canUsePasskeys } from './passkeys.ts';
import { depart } from './providerDeparture.ts';

/** An action for which the person confirms to be the owner of the account, unless that was a moment ago. `dialog` asks for it. */
export function useConfirmed<Given extends unknown[]>(security: Security, work: (...given: Given) => Promise<void>): { action: Action<Given>; dialog: ComponentChildren } {
  const [again, setAgain] = useState<() => void>();
  const action: Action<Given> = useAction(async (...given: Given) => {
    try {
      await work(...given);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'login.unconfirmed') throw error;
      setAgain(() => () => action.run(...given));
    }
  });
  const close = () => setAgain(undefined);
  const repeat = () => {
    close();
    again?.();
  };
  return { action, dialog: again ? <ConfirmItIsYou security={security} onConfirmed={repeat} onClose={close} /> : null };
}

function ConfirmItIsYou({ security, onConfirmed, onClose }: { security: Security; onConfirmed: () => void; onClose: () => void }) {
  const [password, setPassword] = useState('');
  const hasPasskey = security.passkeys.length > 0 && canUsePasskeys;
  const withPassword = useAction(async () => {
    await api.confirmLogin({ body: { password } });
    onConfirmed();
  });
  const withPasskey = useAction(async () => {
    await api.confirmLogin({ body: { passkey: await askForPasskey() } });
    onConfirmed();
  });
  const withProvider = useAction(async (providerId: string) => {
    const { url, token } = await api.startProviderLogin({ params: { providerId } });
    depart({ providerId, purpose: 'login', token, next: paths.security }, url);
  });
  const main = security.hasPassword ? withPassword : withPasskey;
  const problem = main.problem ?? withPasskey.problem ?? withProvider.problem;
  return (
    <Dialog title={text.security.confirmTitle} onClose={onClose}>
      <ActionForm action={{ ...main, problem }}>
        <p class="quiet">{text.security.confirmIntro}</p>
        {security.hasPassword ? (
          <PasswordField label={text.account.password} autocomplete="current-password" value={password} error={withPassword.fieldProblem('password')} onValue={setPassword} />
        ) : null}
        <DialogActions>
          <Button onClick={onClose}>{text.actions.cancel}</Button>
          {hasPasskey ? (
            <Button variant={security.hasPassword ? 'secondary' : 'primary'} isBusy={withPasskey.isBusy} onClick={() => withPasskey.run()}>
              {text.security.usePasskey}
            </Button>
          ) : null}
          {security.hasPassword || hasPasskey
            ? null
            : security.identities.map(({ id, providerId, providerName }) =>
                providerId === null ? null : (
                  <Button key={id} variant="primary" isBusy={withProvider.isBusy} onClick={() => withProvider.run(providerId)}>
                    {text.security.confirmWith(providerName)}
                  </Button>
                ),
              )}
          {security.hasPassword ? (
            <Button type="submit" variant="primary" isBusy={withPassword.isBusy}>
              {text.security.confirmDo}
            </Button>
          ) : null}
        </DialogActions>
      </ActionForm>
    </Dialog>
  );
}
