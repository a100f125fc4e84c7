import type { PersonalExport } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import type { Action } from '../app/useAction.ts';
import { useLoaded, usePolling } from '../app/useLoaded.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { Button, ButtonLink, Notice, SkeletonList } from '../design/index.ts';
import { formatBytes, formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';
import './personal.css';

/** How often the page looks whether the file is made. It also renews the link, which works for minutes. */
const refreshMs = 3000;

/** The download of everything that is stored about a person. */
export default function MyDataPage() {
  const words = text.personal.exports;
  usePageTitle(words.title);
  const { data, error, reload, replace } = useLoaded((signal) => api.getExport({}, { signal }), []);
  usePolling(reload, refreshMs);
  const request = useAction(async () => replace(await api.requestExport()));
  return (
    <div class="page page--narrow export">
      <h1>{words.title}</h1>
      <p class="quiet">{words.intro}</p>
      {request.problem ? <Notice tone="danger">{request.problem}</Notice> : null}
      {data ? <ExportPart made={data.export} request={request} /> : <Unloaded error={error} onRetry={reload} />}
    </div>
  );
}

function Unloaded({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return error ? <LoadFailure error={error} onRetry={onRetry} /> : <SkeletonList rows={1} />;
}

/** The newest export, and the button for another one. */
function ExportPart({ made, request }: { made: PersonalExport | null; request: Action<[]> }) {
  const words = text.personal.exports;
  const isReady = made?.state === 'ready';
  return (
    <>
      {made ? <ExportState made={made} /> : <p>{words.none}</p>}
      {isUnderWay(made) ? null : (
        <div class="row">
          <Button variant={isReady ? 'secondary' : 'primary'} isBusy={request.isBusy} onClick={() => request.run()}>
            {isReady ? words.again : words.action}
          </Button>
        </div>
      )}
    </>
  );
}

function isUnderWay(made: PersonalExport | null): boolean {
  return made?.state === 'waiting' || made?.state === 'running';
}

function ExportState({ made }: { made: PersonalExport }) {
  const words = text.personal.exports;
  if (made.state === 'failed') return <Notice tone="danger">{words.failed}</Notice>;
  if (made.state !== 'ready' || made.url === null) {
    return (
      <div class="stack-tight" role="status">
        <p>{words.waiting}</p>
        <progress aria-label={words.progress} max={1} {...(made.progress > 0 && { value: made.progress })} />
      </div>
    );
  }
  return (
    <div class="stack">
      <p role="status">{words.ready(formatBytes(made.bytes ?? 0))}</p>
      {/* Not of the router: the browser saves the file. */}
      <ButtonLink variant="primary" size="large" isWide href={made.url} download target="_self">
        {words.download}
      </ButtonLink>
      {made.expiresAt ? <p class="small quiet">{words.until(formatDateTime(made.expiresAt))}</p> : null}
    </div>
  );
}
