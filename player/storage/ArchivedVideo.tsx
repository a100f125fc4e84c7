import { Archive } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { ApiError } from '#api/contract';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { usePolling } from '../app/useLoaded.ts';
import { Button, EmptyState } from '../design/index.ts';
import { formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';

const retryMs = 10_000;

interface Outlook {
  requestedAt: string | null;
  restoreHours: number;
  readyBy: string | null;
}

/** A video in the archive: a button that requests it, and how long it takes. The page opens the video when it is back. */
export function ArchivedVideo({ videoId, error, onRetry }: { videoId: string; error: ApiError; onRetry: () => void }) {
  const [requested, setRequested] = useState<Outlook>();
  const request = useToastedAction(async () => {
    const outlook = await api.unarchiveVideo({ params: { videoId } });
    if (outlook.storageClass === 'archive') setRequested(outlook);
    else onRetry();
  });
  usePolling(onRetry, retryMs);
  const { requestedAt, restoreHours, readyBy } = requested ?? outlookIn(error);
  const words = text.storage.archived;
  if (requestedAt === null) {
    return (
      <EmptyState
        isCentred
        icon={<Archive aria-hidden="true" />}
        title={words.title}
        action={
          <Button variant="primary" isBusy={request.isBusy} onClick={() => request.run()}>
            {words.request}
          </Button>
        }
      >
        {words.ask(restoreHours)}
      </EmptyState>
    );
  }
  return (
    <EmptyState isCentred icon={<Archive aria-hidden="true" />} title={words.waitingTitle}>
      <span role="status">{readyBy === null || restoreHours === 0 ? words.waitingSoon : words.waiting(formatDateTime(readyBy))}</span>
    </EmptyState>
  );
}

function outlookIn({ problem }: ApiError): Outlook {
  const { requestedAt, restoreHours, readyBy } = problem.details ?? {};
  return { requestedAt: typeof requestedAt === 'string' ? requestedAt : null, restoreHours: typeof restoreHours === 'number' ? restoreHours : 0, readyBy: typeof readyBy === 'string' ? readyBy : null };
}
