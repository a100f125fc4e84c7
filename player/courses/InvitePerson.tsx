import { useState } from 'preact/hooks';
import { ActionForm } from '../app/ActionForm.tsx';
import { absolute, paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { Button, CopyField, Select } from '../design/index.ts';
import { text } from '../text/index.ts';

const roleChoices = () => (['student', 'assistant'] as const).map((value) => ({ value, label: text.course.roles[value] }));

/** Creates a link that admits one person with a role. */
export function InvitePerson({ courseId }: { courseId: string }) {
  const [role, setRole] = useState<'student' | 'assistant'>('student');
  const [link, setLink] = useState<string>();
  const create = useAction(async () => {
    const { token } = await api.createInvitation({ params: { courseId }, body: { role } });
    setLink(absolute(paths.invitation(token)));
  });
  return (
    <ActionForm title={text.course.inviteTitle} action={create}>
      <p class="small quiet">{text.course.inviteHint}</p>
      <Select
        label={text.course.addRole}
        value={role}
        choices={roleChoices()}
        onValue={(chosen) => {
          setRole(chosen === 'assistant' ? 'assistant' : 'student');
          setLink(undefined);
        }}
      />
      {link ? <CopyField label={text.course.inviteLink} value={link} hint={text.course.inviteLinkHint} /> : null}
      <div class="row">
        <Button type="submit" isBusy={create.isBusy}>
          {text.course.inviteDo}
        </Button>
      </div>
    </ActionForm>
  );
}
