import { Ellipsis } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { Account } from '#api/contract';
import { maxReasonLength } from '#api/contract';
import type { SiteRole } from '#engine/contract';
import { account, api } from '../app/services.ts';
import { siteNotice } from '../app/siteNotice.ts';
import { useToastedAction } from '../app/useAction.ts';
import { ConfirmDialog, Menu, showToast, TextField } from '../design/index.ts';
import type { MenuItem } from '../design/index.ts';
import { text } from '../text/index.ts';
import { AccountLinkDialog } from './AccountLinkDialog.tsx';
import type { AccountLinkPurpose } from './AccountLinkDialog.tsx';

type Question = 'deactivate' | 'signOut' | 'resetFactor' | AccountLinkPurpose;

/** What an administrator can do to an account. */
export function PersonMenu({ person, onChanged }: { person: Account; onChanged: () => void }) {
  const [question, setQuestion] = useState<Question>();
  const [reason, setReason] = useState('');
  const params = { userId: person.id };
  const setRoles = useToastedAction(async (roles: SiteRole[]) => {
    await api.setUserRoles({ params, body: { roles } });
    showToast({ text: text.admin.changed(person.displayName) });
    onChanged();
  });
  const setActive = useToastedAction(async (isActive: boolean) => {
    await api.setUserActive({ params, body: { isActive, reason: reason.trim() || undefined } });
    setQuestion(undefined);
    onChanged();
  });
  const signOut = useToastedAction(async () => {
    await api.signOutPerson({ params });
    setQuestion(undefined);
    showToast({ text: text.administration.people.signedOut });
    onChanged();
  });
  const resetFactor = useToastedAction(async () => {
    await api.resetSecondFactor({ params });
    setQuestion(undefined);
    showToast({ text: text.security.resetDone(person.displayName) });
  });
  const items: MenuItem[] = [
    ...roleItems(person, (roles) => setRoles.run(roles)),
    { key: 'signOut', label: text.administration.people.signOut, onSelect: () => setQuestion('signOut') },
    { key: 'reset', label: text.security.reset, onSelect: () => setQuestion('resetFactor') },
    ...linkItems(person, setQuestion),
    person.isDeactivated
      ? { key: 'active', label: text.admin.reactivate, onSelect: () => setActive.run(true) }
      : { key: 'active', label: text.admin.deactivate, isDanger: true, onSelect: () => setQuestion('deactivate') },
  ];
  return (
    <>
      <Menu label={text.admin.menu(person.displayName)} isIconOnly trigger={<Ellipsis aria-hidden="true" />} items={items} />
      {question === 'deactivate' ? (
        <ConfirmDialog
          title={text.admin.deactivateTitle(person.displayName)}
          message={text.admin.deactivateMessage}
          more={<TextField label={text.administration.people.reason} value={reason} maxLength={maxReasonLength} onValue={setReason} />}
          confirmLabel={text.admin.deactivate}
          isBusy={setActive.isBusy}
          onConfirm={() => setActive.run(false)}
          onClose={() => setQuestion(undefined)}
        />
      ) : null}
      {question === 'resetFactor' ? (
        <ConfirmDialog
          title={text.security.resetTitle(person.displayName)}
          message={text.security.resetMessage}
          confirmLabel={text.security.reset}
          isBusy={resetFactor.isBusy}
          onConfirm={() => resetFactor.run()}
          onClose={() => setQuestion(undefined)}
        />
      ) : null}
      {question === 'resetPassword' || question === 'verifyEmail' ? <AccountLinkDialog person={person} purpose={question} onClose={() => setQuestion(undefined)} /> : null}
      {question === 'signOut' ? (
        <ConfirmDialog
          title={text.administration.people.signOutTitle(person.displayName)}
          message={text.administration.people.signOutMessage}
          confirmLabel={text.administration.people.signOut}
          isBusy={signOut.isBusy}
          onConfirm={() => signOut.run()}
          onClose={() => setQuestion(undefined)}
        />
      ) : null}
    </>
  );
}

/** Links that the site would mail, if it sent mails. */
function linkItems(person: Account, ask: (purpose: AccountLinkPurpose) => void): MenuItem[] {
  if (siteNotice.value?.sendsMail !== false || person.isDeactivated) return [];
  const reset: MenuItem = { key: 'resetPassword', label: text.administration.people.resetLink, onSelect: () => ask('resetPassword') };
  const confirm: MenuItem = { key: 'verifyEmail', label: text.administration.people.confirmLink, onSelect: () => ask('verifyEmail') };
  return person.isEmailVerified ? [reset] : [reset, confirm];
}

function roleItems(person: Account, setRoles: (roles: SiteRole[]) => void): MenuItem[] {
  const toggle = (role: SiteRole): MenuItem['onSelect'] => () => {
    const others = person.roles.filter((held) => held !== role);
    const next = person.roles.includes(role) ? others : [...others, role];
    setRoles(next.length > 0 ? next : ['student']);
  };
  const isInstructor = person.roles.includes('instructor');
  const isAdmin = person.roles.includes('admin');
  const instructor: MenuItem = { key: 'instructor', label: isInstructor ? text.admin.makeStudent : text.admin.makeInstructor, onSelect: toggle('instructor') };
  const admin: MenuItem = { key: 'admin', label: isAdmin ? text.admin.takeAdmin : text.admin.makeAdmin, onSelect: toggle('admin') };
  // Nobody removes the own admin role: the server would be left without an admin.
  return person.id === account.value?.id ? [instructor] : [instructor, admin];
}
