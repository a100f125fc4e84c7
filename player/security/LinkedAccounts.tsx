import { Link } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { LinkedIdentity, SignInProvider } from '#api/contract';
import { api } from '../app/services.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Button, ConfirmDialog, Notice, showToast } from '../design/index.ts';
import { formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';
import { depart } from './providerDeparture.ts';
import type { SectionProps } from './SectionProps.ts';
import { useConfirmed } from './useConfirmed.tsx';

/** The accounts elsewhere with which the person signs in. Nothing on a site without providers. */
export function LinkedAccounts({ security, onChanged }: SectionProps) {
  const [unlinking, setUnlinking] = useState<LinkedIdentity>();
  const { data } = useLoaded((signal) => api.listProviders({}, { signal }), []);
  const link = useConfirmed(security, async ({ id }: SignInProvider) => {
    const { url, token } = await api.startLink({ params: { providerId: id } });
    depart({ providerId: id, purpose: 'link', token }, url);
  });
  const unlink = useConfirmed(security, async ({ id }: LinkedIdentity) => {
    setUnlinking(undefined);
    await api.unlinkIdentity({ params: { identityId: id } });
    showToast({ text: text.security.unlinked });
    onChanged();
  });
  const unlinked = (data?.providers ?? []).filter(({ id }) => security.identities.every(({ providerId }) => providerId !== id));
  if (security.identities.length === 0 && unlinked.length === 0) return null;
  const problem = link.action.problem ?? unlink.action.problem;
  return (
    <section class="section">
      <h2>{text.security.linkedTitle}</h2>
      <p class="quiet">{text.security.linkedIntro}</p>
      {problem ? <Notice tone="danger">{problem}</Notice> : null}
      <ul class="linked">
        {security.identities.map((identity) => (
          <li key={identity.id} class="secured">
            <Link aria-hidden="true" />
            <div class="grow">
              <div dir="auto">{identity.providerName}</div>
              <div class="small quiet">
                {identity.email ? `${identity.email} · ` : ''}
                {identity.lastUsedAt ? text.account.lastUsed(formatDateTime(identity.lastUsedAt)) : text.security.added(formatDateTime(identity.linkedAt))}
              </div>
            </div>
            <Button isBusy={unlink.action.isBusy} onClick={() => setUnlinking(identity)}>
              {text.security.unlink}
            </Button>
          </li>
        ))}
      </ul>
      {unlinked.length > 0 ? (
        <div class="row">
          {unlinked.map((provider) => (
            <Button key={provider.id} isBusy={link.action.isBusy} onClick={() => link.action.run(provider)}>
              {text.security.link(provider.name)}
            </Button>
          ))}
        </div>
      ) : null}
      {unlinking ? (
        <ConfirmDialog
          title={text.security.unlinkTitle(unlinking.providerName)}
          message={text.security.unlinkMessage}
          confirmLabel={text.security.unlink}
          onConfirm={() => unlink.action.run(unlinking)}
          onClose={() => setUnlinking(undefined)}
        />
      ) : null}
      {link.dialog}
      {unlink.dialog}
    </section>
  );
}
