import { Trash2 } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { invitationDays } from '#api/contract';
import type { Invitation } from '#api/contract';
import { ActionForm } from '../app/ActionForm.tsx';
import { absolute, paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useAction, useToastedAction } from '../app/useAction.ts';
import { useLoaded, usePolling } from '../app/useLoaded.ts';
import { Button, ConfirmDialog, CopyField, Dialog, DialogActions, IconButton, Select, showToast, TextField } from '../design/index.ts';
import { formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';
import './enrolment.css';

const refreshMs = 15_000;

/** The links of a course that can still be used, and a new one. */
export function InvitationLinks({ courseId }: { courseId: string }) {
  const [isCreating, setCreating] = useState(false);
  const { data, reload } = useLoaded((signal) => api.listInvitations({ params: { courseId } }, { signal }), [courseId]);
  usePolling(reload, refreshMs);
  return (
    <section class="section">
      <h2>{text.enrolment.linksTitle}</h2>
      <p class="small quiet">{text.enrolment.linksIntro}</p>
      {data && data.invitations.length > 0 ? (
        <ul class="list">
          {data.invitations.map((invitation) => (
            <Link key={invitation.id} courseId={courseId} invitation={invitation} onChanged={reload} />
          ))}
        </ul>
      ) : null}
      <div class="row">
        <Button onClick={() => setCreating(true)}>{text.enrolment.newLink}</Button>
      </div>
      {isCreating ? <NewLink courseId={courseId} onCreated={reload} onClose={() => setCreating(false)} /> : null}
    </section>
  );
}

function Link({ courseId, invitation, onChanged }: { courseId: string; invitation: Invitation; onChanged: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const { id, note, role, uses, maxUses, expiresAt } = invitation;
  const revoke = useToastedAction(async () => {
    await api.deleteInvitation({ params: { courseId, invitationId: id } });
    showToast({ text: text.enrolment.revoked });
    onChanged();
  });
  const name = note || text.course.roles[role];
  return (
    <li class="person">
      <div class="grow">
        <div dir="auto">{note ? `${note} (${text.course.roles[role]})` : name}</div>
        <div class="small quiet tabular">
          {text.enrolment.linkLeft(maxUses - uses, maxUses)} · {text.enrolment.linkUntil(formatDateTime(expiresAt))}
        </div>
      </div>
      <IconButton label={text.enrolment.revokeOf(name)} onClick={() => setAsking(true)}>
        <Trash2 aria-hidden="true" />
      </IconButton>
      {isAsking ? (
        <ConfirmDialog
          title={text.enrolment.revokeTitle}
          message={text.enrolment.revokeMessage}
          confirmLabel={text.enrolment.revoke}
          isBusy={revoke.isBusy}
          onConfirm={() => revoke.run()}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </li>
  );
}

function NewLink({ courseId, onCreated, onClose }: { courseId: string; onCreated: () => void; onClose: () => void }) {
  const [form, setForm] = useState({ role: 'student', uses: '1', days: String(invitationDays), note: '' });
  const [link, setLink] = useState<string>();
  const create = useAction(async () => {
    const role = form.role === 'assistant' ? 'assistant' : 'student';
    const { token } = await api.createInvitation({ params: { courseId }, body: { role, maxUses: Number(form.uses), validDays: Number(form.days), note: form.note } });
    setLink(absolute(paths.invitation(token)));
    onCreated();
  });
  const roles = (['student', 'assistant'] as const).map((value) => ({ value, label: text.course.roles[value] }));
  if (link) {
    return (
      <Dialog title={text.enrolment.newLink} onClose={onClose}>
        <CopyField label={text.enrolment.yourLink} value={link} hint={text.enrolment.linkOnce} />
        <DialogActions>
          <Button variant="primary" onClick={onClose}>
            {text.enrolment.done}
          </Button>
        </DialogActions>
      </Dialog>
    );
  }
  return (
    <Dialog title={text.enrolment.newLink} onClose={onClose}>
      <ActionForm action={create}>
        <Select label={text.course.addRole} value={form.role} choices={roles} onValue={(role) => setForm({ ...form, role })} />
        <div class="field-pair">
          <TextField label={text.enrolment.linkUses} type="number" min={1} inputMode="numeric" value={form.uses} error={create.fieldProblem('maxUses')} onValue={(uses) => setForm({ ...form, uses })} />
          <TextField label={text.enrolment.linkDays} type="number" min={1} inputMode="numeric" value={form.days} error={create.fieldProblem('validDays')} onValue={(days) => setForm({ ...form, days })} />
        </div>
        <TextField label={text.enrolment.linkNote} hint={text.enrolment.linkNoteHint} value={form.note} error={create.fieldProblem('note')} onValue={(note) => setForm({ ...form, note })} />
        <DialogActions>
          <Button onClick={onClose}>{text.actions.cancel}</Button>
          <Button type="submit" variant="primary" isBusy={create.isBusy}>
            {text.enrolment.createLink}
          </Button>
        </DialogActions>
      </ActionForm>
    </Dialog>
  );
}
