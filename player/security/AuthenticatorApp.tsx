import { Smartphone } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { renderSVG } from 'uqr';
import { ActionForm } from '../app/ActionForm.tsx';
import { api } from '../app/services.ts';
import { Badge, Button, ConfirmDialog, CopyField, Dialog, DialogActions, Notice, showToast, TextField } from '../design/index.ts';
import { formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';
import type { SectionProps } from './SectionProps.ts';
import { useConfirmed } from './useConfirmed.tsx';

interface Offer {
  token: string;
  secret: string;
  uri: string;
}

/** The app whose codes are the second step of a login. */
export function AuthenticatorApp({ security, onChanged }: SectionProps) {
  const [offer, setOffer] = useState<Offer>();
  const [isRemoving, setRemoving] = useState(false);
  const begin = useConfirmed(security, async () => setOffer(await api.offerTotp()));
  const remove = useConfirmed(security, async () => {
    setRemoving(false);
    await api.removeTotp();
    showToast({ text: text.security.appRemoved });
    onChanged();
  });
  const problem = begin.action.problem ?? remove.action.problem;
  return (
    <section class="section">
      <h2>{text.security.appTitle}</h2>
      {problem ? <Notice tone="danger">{problem}</Notice> : null}
      <div class="secured">
        <Smartphone aria-hidden="true" />
        <div class="grow">
          {security.totp ? (
            <div class="row">
              <span>{text.security.appOn(formatDateTime(security.totp.createdAt))}</span>
              <Badge tone="good">{text.security.on}</Badge>
            </div>
          ) : (
            <span class="quiet">{text.security.appOff}</span>
          )}
        </div>
        {security.totp ? (
          <Button isBusy={remove.action.isBusy} onClick={() => setRemoving(true)}>
            {text.security.appRemove}
          </Button>
        ) : (
          <Button isBusy={begin.action.isBusy} onClick={() => begin.action.run()}>
            {text.security.appAdd}
          </Button>
        )}
      </div>
      {offer ? <AppDialog offer={offer} security={security} onChanged={onChanged} onClose={() => setOffer(undefined)} /> : null}
      {isRemoving ? (
        <ConfirmDialog
          title={text.security.appRemoveTitle}
          message={text.security.appRemoveMessage}
          confirmLabel={text.security.appRemove}
          onConfirm={() => remove.action.run()}
          onClose={() => setRemoving(false)}
        />
      ) : null}
      {begin.dialog}
      {remove.dialog}
    </section>
  );
}

/** The secret is shown here, and nowhere again. */
function AppDialog({ offer, security, onChanged, onClose }: SectionProps & { offer: Offer; onClose: () => void }) {
  const [code, setCode] = useState('');
  const { action, dialog } = useConfirmed(security, async () => {
    const { recoveryCodes } = await api.addTotp({ body: { token: offer.token, code } });
    showToast({ text: text.security.appAdded });
    onClose();
    onChanged(recoveryCodes);
  });
  return (
    <Dialog title={text.security.appTitle} onClose={onClose}>
      <ActionForm action={action}>
        <p>{text.security.appScan}</p>
        <img class="qr" src={`data:image/svg+xml,${encodeURIComponent(renderSVG(offer.uri, { border: 2 }))}`} alt={text.security.appQr} width="208" height="208" />
        <CopyField label={text.security.appSecret} value={offer.secret} />
        <TextField
          label={text.security.appFirstCode}
          autocomplete="one-time-code"
          inputMode="numeric"
          required
          value={code}
          error={action.fieldProblem('code')}
          onValue={setCode}
        />
        <DialogActions>
          <Button onClick={onClose}>{text.actions.cancel}</Button>
          <Button type="submit" variant="primary" isBusy={action.isBusy}>
            {text.security.appConfirm}
          </Button>
        </DialogActions>
      </ActionForm>
      {dialog}
    </Dialog>
  );
}
