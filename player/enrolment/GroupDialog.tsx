import { useState } from 'preact/hooks';
import type { Enrolment, Group } from '#api/contract';
import { ActionForm } from '../app/ActionForm.tsx';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { Button, Dialog, DialogActions, Select, showToast } from '../design/index.ts';
import { text } from '../text/index.ts';

interface GroupDialogProps {
  courseId: string;
  who: Enrolment;
  groups: readonly Group[];
  onChanged: () => void;
  onClose: () => void;
}

/** Puts a member into a group, or into none. */
export function GroupDialog({ courseId, who, groups, onChanged, onClose }: GroupDialogProps) {
  const [group, setGroup] = useState<string>(who.groupId ?? '');
  const save = useAction(async () => {
    await api.setMemberGroup({ params: { courseId, userId: who.userId }, body: { groupId: group === '' ? null : group } });
    showToast({ text: text.enrolment.groupSet(who.displayName) });
    onChanged();
    onClose();
  });
  const choices = [{ value: '', label: text.enrolment.noGroup }, ...groups.map(({ id, name }) => ({ value: id, label: name }))];
  return (
    <Dialog title={text.enrolment.groupTitle(who.displayName)} onClose={onClose}>
      <ActionForm action={save}>
        <Select label={text.enrolment.group} value={group} choices={choices} onValue={setGroup} />
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
