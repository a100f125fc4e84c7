import { useState } from 'preact/hooks';
import { ActionForm } from '../app/ActionForm.tsx';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { Button, Dialog, DialogActions, showToast } from '../design/index.ts';
import { text } from '../text/index.ts';
import { emptyAccount, NewAccountFields } from './NewAccountFields.tsx';

/** For administrators: creates an account for someone else. */
export function NewAccountDialog({ onCreated, onClose }: { onCreated: () => void; onClose: () => void }) {
  const [form, setForm] = useState(emptyAccount);
  const create = useAction(async () => {
    const { displayName } = await api.createUser({ body: form });
    showToast({ text: text.admin.created(displayName) });
    onCreated();
    onClose();
  });
  return (
    <Dialog title={text.admin.create} onClose={onClose}>
      <ActionForm action={create}>
        <p class="quiet">{text.admin.createHint}</p>
        <NewAccountFields value={form} action={create} onValue={setForm} />
        <DialogActions>
          <Button onClick={onClose}>{text.actions.cancel}</Button>
          <Button type="submit" variant="primary" isBusy={create.isBusy}>
            {text.admin.createDo}
          </Button>
        </DialogActions>
      </ActionForm>
    </Dialog>
  );
}
