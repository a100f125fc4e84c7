import { Ellipsis } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { Account } from '#api/contract';
import type { SiteRole } from '#engine/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { account, api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded, usePolling } from '../app/useLoaded.ts';
import { Avatar, Badge, Button, ConfirmDialog, Menu, showToast, SkeletonList, TextField } from '../design/index.ts';
import type { MenuItem } from '../design/index.ts';
import { text } from '../text/index.ts';
import { NewAccountDialog } from './NewAccountDialog.tsx';

const refreshMs = 15_000;

/** All accounts and their roles. */
export function SitePeople() {
  const [search, setSearch] = useState('');
  const [isCreating, setCreating] = useState(false);
  const [deactivating, setDeactivating] = useState<Account>();
  const { data, error, reload } = useLoaded((signal) => api.listUsers({ query: { search: search.trim() || undefined } }, { signal }), [search]);
  usePolling(reload, refreshMs);
  const change = useToastedAction(async (who: Account, roles: SiteRole[]) => {
    await api.setUserRoles({ params: { userId: who.id }, body: { roles } });
    showToast({ text: text.admin.changed(who.displayName) });
    reload();
  });
  const [resetting, setResetting] = useState<Account>();
  const reset = useToastedAction(async (who: Account) => {
    await api.resetSecondFactor({ params: { userId: who.id } });
    setResetting(undefined);
    showToast({ text: text.security.resetDone(who.displayName) });
  });
  const setActive = useToastedAction(async (who: Account, isActive: boolean) => {
    await api.setUserActive({ params: { userId: who.id }, body: { isActive } });
    setDeactivating(undefined);
    reload();
  });
  const accountItem = (who: Account): MenuItem =>
    who.isDeactivated
      ? { key: 'active', label: text.admin.reactivate, onSelect: () => setActive.run(who, true) }
      : { key: 'active', label: text.admin.deactivate, isDanger: true, onSelect: () => setDeactivating(who) };
  const resetItem = (who: Account): MenuItem => ({ key: 'reset', label: text.security.reset, onSelect: () => setResetting(who) });
  return (
    <div class="stack site">
      <p class="quiet">{text.admin.intro}</p>
      <div class="row">
        <Button onClick={() => setCreating(true)}>{text.admin.create}</Button>
      </div>
      {isCreating ? <NewAccountDialog onCreated={reload} onClose={() => setCreating(false)} /> : null}
      {deactivating ? (
        <ConfirmDialog
          title={text.admin.deactivateTitle(deactivating.displayName)}
          message={text.admin.deactivateMessage}
          confirmLabel={text.admin.deactivate}
          isBusy={setActive.isBusy}
          onConfirm={() => setActive.run(deactivating, false)}
          onClose={() => setDeactivating(undefined)}
        />
      ) : null}
      {resetting ? (
        <ConfirmDialog
          title={text.security.resetTitle(resetting.displayName)}
          message={text.security.resetMessage}
          confirmLabel={text.security.reset}
          isBusy={reset.isBusy}
          onConfirm={() => reset.run(resetting)}
          onClose={() => setResetting(undefined)}
        />
      ) : null}
      <TextField label={text.admin.search} type="search" value={search} onValue={setSearch} />
      {error ? <LoadFailure error={error} onRetry={reload} /> : null}
      {data || error ? null : <SkeletonList rows={5} />}
      {data?.users.length === 0 ? <p class="quiet">{text.admin.nobody}</p> : null}
      <ul class="stack-tight">
        {data?.users.map((who) => (
          <li key={who.id} class="login">
            <Avatar name={who.displayName} imageId={who.avatarId} />
            <div class="grow">
              <div dir="auto">{who.displayName}</div>
              <div class="small quiet">{who.email}</div>
              <div class="login__roles">
                {who.roles.map((role) => (
                  <Badge key={role} tone={role === 'student' ? 'normal' : 'good'}>
                    {text.admin.roles[role]}
                  </Badge>
                ))}
                {who.isDeactivated ? <Badge tone="warning">{text.admin.deactivated}</Badge> : null}
              </div>
            </div>
            <Menu
              label={text.admin.menu(who.displayName)}
              isIconOnly
              trigger={<Ellipsis aria-hidden="true" />}
              items={[...roleItems(who, (roles) => change.run(who, roles)), resetItem(who), accountItem(who)]}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}

function roleItems(who: Account, setRoles: (roles: SiteRole[]) => void): MenuItem[] {
  const toggle = (role: SiteRole): MenuItem['onSelect'] => () => {
    const others = who.roles.filter((held) => held !== role);
    const next = who.roles.includes(role) ? others : [...others, role];
    setRoles(next.length > 0 ? next : ['student']);
  };
  const isInstructor = who.roles.includes('instructor');
  const isAdmin = who.roles.includes('admin');
  const instructor: MenuItem = { key: 'instructor', label: isInstructor ? text.admin.makeStudent : text.admin.makeInstructor, onSelect: toggle('instructor') };
  const admin: MenuItem = { key: 'admin', label: isAdmin ? text.admin.takeAdmin : text.admin.makeAdmin, onSelect: toggle('admin') };
  // Nobody removes the own admin role: the server would be left without an admin.
  return who.id === account.value?.id ? [instructor] : [instructor, admin];
}
