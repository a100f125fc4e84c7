import { Trash2 } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { videoTrashDays } from '#api/contract';
import type { VideoView } from '#api/contract';
import { background } from '../app/background.ts';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { Button, ConfirmDialog, showToast } from '../design/index.ts';
import { sentenceFor } from '../text/sentenceFor.ts';
import { text } from '../text/index.ts';

interface DeleteProps {
  video: Pick<VideoView, 'id' | 'title'>;
  onDeleted: () => void;
  /** The deletion was undone. */
  onRestored: () => void;
}

/** Deletes a video after a question. The toast undoes it. */
export function DeleteVideoButton({ video, onDeleted, onRestored }: DeleteProps) {
  const [isAsking, setAsking] = useState(false);
  const remove = useToastedAction(async () => {
    await deleteVideo(video, onRestored);
    setAsking(false);
    onDeleted();
  });
  return (
    <>
      <Button onClick={() => setAsking(true)}>
        <Trash2 aria-hidden="true" size={20} />
        {text.sharing.delete}
      </Button>
      {isAsking ? (
        <ConfirmDialog
          title={text.sharing.deleteTitle(video.title)}
          message={text.sharing.deleteMessage(videoTrashDays)}
          confirmLabel={text.sharing.delete}
          isBusy={remove.isBusy}
          onConfirm={() => remove.run()}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </>
  );
}

/** Deletes a video and offers to undo that. */
export async function deleteVideo({ id, title }: DeleteProps['video'], onRestored: () => void): Promise<void> {
  await api.deleteVideo({ params: { videoId: id } });
  const restore = async () => {
    try {
      await api.restoreVideo({ params: { videoId: id } });
      showToast({ text: text.sharing.restored(title) });
      onRestored();
    } catch (error) {
      showToast({ text: sentenceFor(error), tone: 'danger' });
    }
  };
  showToast({ text: text.sharing.deleted, action: { label: text.sharing.undo, onSelect: () => background(restore()) } });
}
