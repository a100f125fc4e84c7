import { KeyRound } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded, usePolling } from '../app/useLoaded.ts';
import { Button, ConfirmDialog, CopyField, EmptyState, Notice, showToast, SkeletonList } from '../design/index.ts';
import { formatDateTime, formatTime } from '../text/format.ts';
import { text } from '../text/index.ts';

/** How soon the page shows that an encoder was refused. */
const refreshMs = 10_000;

/** Server and stream key for OBS. The key is shown only once, when it is created. */
export function StreamKeyFields({ courseId }: { courseId: string }) {
  const [freshKey, setFreshKey] = useState<string>();
  const [dialog, setDialog] = useState<'replace' | 'revoke'>();
  const { data, error, reload } = useLoaded((signal) => api.getStreamKey({ params: { courseId } }, { signal }), [courseId]);
  usePolling(reload, refreshMs);
  const issue = useToastedAction(async () => {
    const issued = await api.issueStreamKey({ params: { courseId } });
    setFreshKey(issued.streamKey);
    setDialog(undefined);
    reload();
  });
  const revoke = useToastedAction(async () => {
    await api.deleteStreamKey({ params: { courseId } });
    setFreshKey(undefined);
    setDialog(undefined);
    showToast({ text: text.streamKey.revoked });
    reload();
  });

  if (!data) return error ? <LoadFailure error={error} onRetry={reload} /> : <SkeletonList rows={2} height="3.5rem" />;
  return (
    <div class="form">
      <Unawaited streamKey={data.key} />
      <CopyField label={text.streamKey.server} value={data.serverUrl} />
      {freshKey ? (
        <>
          <CopyField label={text.streamKey.key} value={freshKey} hint={text.streamKey.secret} />
          <Notice tone="warning">{text.streamKey.shownOnce}</Notice>
        </>
      ) : null}
      {!freshKey && data.key ? <p>{text.streamKey.exists(data.key.hint, formatDateTime(data.key.createdAt))}</p> : null}
      {data.key ? (
        <div class="row">
          <Button onClick={() => setDialog('replace')}>{text.streamKey.replace}</Button>
          <Button variant="quiet" onClick={() => setDialog('revoke')}>
            {text.streamKey.revoke}
          </Button>
        </div>
      ) : (
        <EmptyState
          icon={<KeyRound aria-hidden="true" />}
          title={text.streamKey.none}
          action={
            <Button variant="primary" isBusy={issue.isBusy} onClick={() => issue.run()}>
              {text.streamKey.make}
            </Button>
          }
        />
      )}
      {dialog ? (
        <ConfirmDialog
          title={dialog === 'replace' ? text.streamKey.replaceTitle : text.streamKey.revokeTitle}
          message={dialog === 'replace' ? text.streamKey.replaceMessage : text.streamKey.revokeMessage}
          confirmLabel={dialog === 'replace' ? text.streamKey.replace : text.streamKey.revoke}
          isBusy={issue.isBusy || revoke.isBusy}
          onConfirm={() => (dialog === 'replace' ? issue.run() : revoke.run())}
          onClose={() => setDialog(undefined)}
        />
      ) : null}
    </div>
  );
}

/** An encoder connected while no lecture was live or due. */
function Unawaited({ streamKey }: { streamKey: { unawaitedAt: string | null } | null }) {
  const at = streamKey?.unawaitedAt;
  return at ? <Notice tone="warning">{text.streamKey.unawaited(formatTime(new Date(at)))}</Notice> : null;
}
