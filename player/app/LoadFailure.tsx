import { CloudOff } from 'lucide-preact';
import { Button, EmptyState } from '../design/index.ts';
import { text } from '../text/index.ts';
import { sentenceFor } from '../text/sentenceFor.ts';

/** Replaces content that could not be loaded. */
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
