import { useEffect, useState } from 'preact/hooks';
import type { Account } from '#api/contract';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { Button, CopyField, Dialog, Notice, SkeletonList } from '../design/index.ts';
import { formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';

export type AccountLinkPurpose = 'resetPassword' | 'verifyEmail';

/** On a site that sends no mail: the link that an administrator hands over to a person. */
export function AccountLinkDialog({ person, purpose, onClose }: { person: Account; purpose: AccountLinkPurpose; onClose: () => void }) {
  const words = text.administration.people;
  const [link, setLink] = useState<{ url: string; expiresAt: string }>();
  const create = useAction(async () => setLink(await api.createAccountLink({ params: { userId: person.id }, body: { purpose } })));
  useEffect(() => void create.run(), []);
  return (
    <Dialog title={purpose === 'resetPassword' ? words.resetLinkTitle(person.displayName) : words.confirmLinkTitle(person.displayName)} onClose={onClose}>
      {create.problem ? <Notice tone="danger">{create.problem}</Notice> : null}
      {link ? <CopyField label={words.link} value={link.url} hint={words.linkHint(formatDateTime(link.expiresAt))} /> : create.problem ? null : <SkeletonList rows={1} />}
      <div class="row">
        <Button onClick={onClose}>{text.actions.close}</Button>
      </div>
    </Dialog>
  );
}
