import { Ellipsis, KeyRound } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { Passkey } from '#api/contract';
import { ActionForm } from '../app/ActionForm.tsx';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { Badge, Button, ConfirmDialog, Dialog, DialogActions, Menu, Notice, showToast, TextField } from '../design/index.ts';
import { formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';
import { describeDevice } from './describeDevice.ts';
import { canUsePasskeys, createPasskey } from './passkeys.ts';
import type { SectionProps } from './SectionProps.ts';
import { useConfirmed } from './useConfirmed.tsx';

/** The passkeys of the account: add, rename, remove. */
export function Passkeys({ security, onChanged }: SectionProps) {
  const [isAdding, setAdding] = useState(false);
  const [renaming, setRenaming] = useState<Passkey>();
  const [removing, setRemoving] = useState<Passkey>();
  const remove = useConfirmed(security, async ({ id }: Passkey) => {
    setRemoving(undefined);
    await api.removePasskey({ params: { passkeyId: id } });
    showToast({ text: text.security.passkeyRemoved });
    onChanged();
  });
  return (
    <section class="section">
      <h2>{text.security.passkeysTitle}</h2>
      <p class="quiet">{text.security.passkeysIntro}</p>
      {remove.action.problem ? <Notice tone="danger">{remove.action.problem}</Notice> : null}
      {security.passkeys.length > 0 ? (
        <ul class="passkeys">
          {security.passkeys.map((passkey) => (
            <PasskeyItem key={passkey.id} passkey={passkey} onRename={() => setRenaming(passkey)} onRemove={() => setRemoving(passkey)} />
          ))}
        </ul>
      ) : null}
      {canUsePasskeys ? (
        <div class="row">
          <Button onClick={() => setAdding(true)}>{text.security.passkeyAdd}</Button>
        </div>
      ) : (
        <p class="small quiet">{text.security.noPasskeysHere}</p>
      )}
      {isAdding ? <AddDialog security={security} onChanged={onChanged} onClose={() => setAdding(false)} /> : null}
      {renaming ? <RenameDialog passkey={renaming} onRenamed={() => onChanged()} onClose={() => setRenaming(undefined)} /> : null}
      {removing ? (
        <ConfirmDialog
          title={text.security.passkeyRemoveTitle(removing.name)}
          message={text.security.passkeyRemoveMessage}
          confirmLabel={text.security.passkeyRemove}
          onConfirm={() => remove.action.run(removing)}
          onClose={() => setRemoving(undefined)}
        />
      ) : null}
      {remove.dialog}
    </section>
  );
}

function PasskeyItem({ passkey, onRename, onRemove }: { passkey: Passkey; onRename: () => void; onRemove: () => void }) {
  return (
    <li class="secured">
      <KeyRound aria-hidden="true" />
      <div class="grow">
        <div class="row">
          <span dir="auto">{passkey.name}</span>
          {passkey.isSynced ? <Badge>{text.security.synced}</Badge> : null}
        </div>
        <div class="small quiet">{passkey.lastUsedAt ? text.account.lastUsed(formatDateTime(passkey.lastUsedAt)) : text.security.usedNever}</div>
        <div class="small quiet">{text.security.added(formatDateTime(passkey.createdAt))}</div>
      </div>
      <Menu
        label={text.security.passkeyMenu(passkey.name)}
        isIconOnly
        trigger={<Ellipsis aria-hidden="true" />}
        items={[
          { key: 'rename', label: text.security.passkeyRename, onSelect: onRename },
          { key: 'remove', label: text.security.passkeyRemove, isDanger: true, onSelect: onRemove },
        ]}
      />
    </li>
  );
}

function AddDialog({ security, onChanged, onClose }: SectionProps & { onClose: () => void }) {
  const [name, setName] = useState(describeDevice(navigator.userAgent).label ?? '');
  const { action, dialog } = useConfirmed(security, async () => {
    const { recoveryCodes } = await api.addPasskey({ body: { ...(await createPasskey()), name } });
    showToast({ text: text.security.passkeyAdded });
    onClose();
    onChanged(recoveryCodes);
  });
  return (
    <Dialog title={text.security.passkeyAdd} onClose={onClose}>
      <ActionForm action={action}>
        <TextField label={text.security.passkeyName} hint={text.security.passkeyNameHint} required autofocus value={name} error={action.fieldProblem('name')} onValue={setName} />
        <DialogActions>
          <Button onClick={onClose}>{text.actions.cancel}</Button>
          <Button type="submit" variant="primary" isBusy={action.isBusy} disabled={name.trim() === ''}>
            {text.security.passkeyAdd}
          </Button>
        </DialogActions>
      </ActionForm>
      {dialog}
    </Dialog>
  );
}

function RenameDialog({ passkey, onRenamed, onClose }: { passkey: Passkey; onRenamed: () => void; onClose: () => void }) {
  const [name, setName] = useState(passkey.name);
  const save = useAction(async () => {
    await api.renamePasskey({ params: { passkeyId: passkey.id }, body: { name } });
    onRenamed();
    onClose();
  });
  return (
    <Dialog title={text.security.passkeyRename} onClose={onClose}>
      <ActionForm action={save}>
        <TextField label={text.security.passkeyName} required autofocus value={name} error={save.fieldProblem('name')} onValue={setName} />
        <DialogActions>
          <Button onClick={onClose}>{text.actions.cancel}</Button>
          <Button type="submit" variant="primary" isBusy={save.isBusy}>
            {text.actions.save}
          </Button>
        </DialogActions>
      </ActionForm>
    </Dialog>
  );
}
