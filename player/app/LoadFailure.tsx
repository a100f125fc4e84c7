import { CloudOff } from 'lucide-preact';
import { Button, EmptyState } from '../design/index.ts';
import { text } from '../text/index.ts';
import { sentenceFor } from '../text/sentenceFor.ts';

/** Stands where something should be that could not be fetched. */
export function LoadFailure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <div role="alert">
      <EmptyState
        icon={<CloudOff aria-hidden="true" />}
        title={sentenceFor(error)}
        action={<Button onClick={onRetry}>{text.actions.tryAgain}</Button>}
      />
    </div>
  );
}
