import { Ellipsis, Pencil, Trash2 } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { Group } from '#api/contract';
import { ActionForm } from '../app/ActionForm.tsx';
import { api } from '../app/services.ts';
import { useAction, useToastedAction } from '../app/useAction.ts';
import { Button, ConfirmDialog, Dialog, DialogActions, Menu, showToast, TextField } from '../design/index.ts';
import { text } from '../text/index.ts';

interface GroupListProps {
  courseId: string;
  groups: readonly Group[];
  canEdit: boolean;
  onChanged: () => void;
}

/** The groups of a course. */
export function GroupList({ courseId, groups, canEdit, onChanged }: GroupListProps) {
  return (
    <div class="stack">
      {groups.length === 0 ? <p class="quiet">{text.enrolment.noGroups}</p> : null}
      {groups.length > 0 ? (
        <ul class="list">
          {groups.map((group) => (
            <GroupRow key={group.id} courseId={courseId} group={group} canEdit={canEdit} onChanged={onChanged} />
          ))}
        </ul>
      ) : null}
      {canEdit ? <NewGroup courseId={courseId} onChanged={onChanged} /> : null}
    </div>
  );
}

function NewGroup({ courseId, onChanged }: Pick<GroupListProps, 'courseId' | 'onChanged'>) {
  const [name, setName] = useState('');
  const create = useAction(async () => {
    await api.createGroup({ params: { courseId }, body: { name } });
    setName('');
    onChanged();
  });
  return (
    <ActionForm action={create} class="narrow">
      <TextField label={text.enrolment.newGroup} value={name} error={create.fieldProblem('name')} onValue={setName} />
      <div class="row">
        <Button type="submit" isBusy={create.isBusy} disabled={name.trim() === ''}>
          {text.enrolment.addGroup}
        </Button>
      </div>
    </ActionForm>
  );
}

function GroupRow({ courseId, group, canEdit, onChanged }: Omit<GroupListProps, 'groups'> & { group: Group }) {
  const [open, setOpen] = useState<'name' | 'deletion'>();
  const remove = useToastedAction(async () => {
    await api.deleteGroup({ params: { courseId, groupId: group.id } });
    showToast({ text: text.enrolment.groupDeleted(group.name) });
    onChanged();
  });
  const items = [
    { key: 'rename', label: text.enrolment.rename, icon: <Pencil aria-hidden="true" />, onSelect: () => setOpen('name') },
    { key: 'delete', label: text.enrolment.deleteGroup, icon: <Trash2 aria-hidden="true" />, isDanger: true, onSelect: () => setOpen('deletion') },
  ];
  return (
    <li class="person">
      <div class="grow" dir="auto">
        {group.name}
      </div>
      {canEdit ? <Menu label={text.enrolment.groupMenu(group.name)} isIconOnly trigger={<Ellipsis aria-hidden="true" />} items={items} /> : null}
      {open === 'name' ? <RenameGroup courseId={courseId} group={group} onChanged={onChanged} onClose={() => setOpen(undefined)} /> : null}
      {open === 'deletion' ? (
        <ConfirmDialog
          title={text.enrolment.deleteGroupTitle(group.name)}
          message={text.enrolment.deleteGroupMessage}
          confirmLabel={text.enrolment.deleteGroup}
          isBusy={remove.isBusy}
          onConfirm={() => remove.run()}
          onClose={() => setOpen(undefined)}
        />
      ) : null}
    </li>
  );
}

function RenameGroup({ courseId, group, onChanged, onClose }: { courseId: string; group: Group; onChanged: () => void; onClose: () => void }) {
  const [name, setName] = useState(group.name);
  const save = useAction(async () => {
    await api.renameGroup({ params: { courseId, groupId: group.id }, body: { name } });
    onChanged();
    onClose();
  });
  return (
    <Dialog title={text.enrolment.renameTitle(group.name)} onClose={onClose}>
      <ActionForm action={save}>
        <TextField label={text.enrolment.group} value={name} error={save.fieldProblem('name')} onValue={setName} />
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
