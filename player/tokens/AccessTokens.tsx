import { useState } from 'preact/hooks';
import type { AccessToken } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Badge, Button, ConfirmDialog, showToast, SkeletonList } from '../design/index.ts';
import { formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';
import { NewTokenDialog } from './NewTokenDialog.tsx';
import { scopeName } from './scopeChoices.ts';
import './tokens.css';

/** The access tokens of a person: what each may do, and when it was used. */
export function AccessTokens() {
  const { data, error, reload } = useLoaded((signal) => api.listAccessTokens({}, { signal }), []);
  const [isCreating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<AccessToken>();
  const revoke = useToastedAction(async (token: AccessToken) => {
    await api.revokeAccessToken({ params: { tokenId: token.id } });
    setRevoking(undefined);
    showToast({ text: text.tokens.revoked });
    reload();
  });
  return (
    <>
      <p class="quiet">
        {text.tokens.intro}{' '}
        <a href="/api/docs" target="_blank" rel="noreferrer">
          {text.tokens.docs}
        </a>
      </p>
      {error ? <LoadFailure error={error} onRetry={reload} /> : null}
      {data || error ? null : <SkeletonList rows={1} />}
      {data?.accessTokens.length === 0 ? <p class="quiet">{text.tokens.none}</p> : null}
      <ul class="stack-tight">
        {data?.accessTokens.map((token) => (
          <li key={token.id} class="login">
            <div class="grow">
              <div dir="auto">{token.name}</div>
              <div class="small quiet">
                <code>{token.hint}…</code> · {token.lastUsedAt === null ? text.tokens.neverUsed : text.tokens.used(formatDateTime(token.lastUsedAt))} · {text.tokens.expires(formatDateTime(token.expiresAt))}
              </div>
              <div class="token__scopes">
                {token.scopes.map((scope) => (
                  <Badge key={scope}>{scopeName(scope)}</Badge>
                ))}
              </div>
            </div>
            <Button onClick={() => setRevoking(token)}>{text.tokens.revoke}</Button>
          </li>
        ))}
      </ul>
      <div class="row">
        <Button onClick={() => setCreating(true)}>{text.tokens.create}</Button>
      </div>
      {isCreating ? <NewTokenDialog onCreated={reload} onClose={() => setCreating(false)} /> : null}
      {revoking ? (
        <ConfirmDialog
          title={text.tokens.revokeTitle(revoking.name)}
          message={text.tokens.revokeMessage}
          confirmLabel={text.tokens.revoke}
          isBusy={revoke.isBusy}
          onConfirm={() => revoke.run(revoking)}
          onClose={() => setRevoking(undefined)}
        />
      ) : null}
    </>
  );
}
