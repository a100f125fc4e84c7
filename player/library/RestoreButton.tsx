import { useToastedAction } from '../app/useAction.ts';
import { Button, showToast } from '../design/index.ts';
import { outcomeSentence } from './bulk.ts';
import { actOn } from './libraryApi.ts';
import { text } from '../text/index.ts';

/** The button that brings a deleted video back. */
export function RestoreButton({ videoId, onRestored }: { videoId: string; onRestored: () => void }) {
  const restore = useToastedAction(async () => {
    const outcome = await actOn([videoId], { kind: 'restore' });
    showToast({ text: outcomeSentence({ kind: 'restore' }, outcome), ...(outcome.failed.length > 0 && { tone: 'danger' as const }) });
    onRestored();
  });
  return (
    <Button isBusy={restore.isBusy} onClick={() => restore.run()}>
      {text.library.restore}
    </Button>
  );
}
