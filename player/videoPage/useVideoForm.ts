import { useState } from 'preact/hooks';
import { ApiError } from '#api/contract';
import type { VideoView } from '#api/contract';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { showToast } from '../design/index.ts';
import { text } from '../text/index.ts';
import { changesOf, conflictsOf, formOf, rebased } from './videoForm.ts';
import type { Conflict, VideoForm } from './videoForm.ts';

interface OpenConflict {
  conflicts: readonly Conflict[];
  isBusy: boolean;
  onKeep: () => void;
  onTake: () => void;
  onClose: () => void;
}

/**
 * The form of a video. It starts from the video as it was opened, also when it is loaded again. When somebody else has saved other
 * fields, the save is repeated on top of that; when it is the same field, the person decides.
 */
export function useVideoForm(video: VideoView, onVideo: (video: VideoView) => void) {
  const [base, setBase] = useState(video);
  const [form, setForm] = useState<VideoForm>(() => formOf(video));
  const [latest, setLatest] = useState<VideoView>();
  const params = { videoId: video.id };

  const accept = (saved: VideoView) => {
    setBase(saved);
    setForm(formOf(saved));
    setLatest(undefined);
    onVideo(saved);
  };
  const send = async (from: VideoView, wanted: VideoForm) => {
    accept(await api.updateVideo({ params, body: changesOf(formOf(from), wanted) }, { ifUnchanged: from }));
    showToast({ text: text.videoPage.saved });
  };
  const save = useAction(async () => {
    try {
      await send(base, form);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'version.changed') throw error;
      const theirs = await api.getVideo({ params });
      const edits = { base: formOf(base), mine: form, theirs: formOf(theirs) };
      if (conflictsOf(edits).length === 0) await send(theirs, rebased(edits));
      else setLatest(theirs);
    }
  });
  /** The video has changed by something else than this form. What the person has changed stays. */
  const follow = (now: VideoView) => {
    setForm((mine) => rebased({ base: formOf(base), mine, theirs: formOf(now) }));
    setBase(now);
    onVideo(now);
  };
  const keep = useAction(async () => {
    if (latest) await send(latest, rebased({ base: formOf(base), mine: form, theirs: formOf(latest) }));
  });

  const conflict: OpenConflict | undefined = latest && {
    conflicts: conflictsOf({ base: formOf(base), mine: form, theirs: formOf(latest) }),
    isBusy: keep.isBusy,
    onKeep: () => keep.run(),
    onTake: () => accept(latest),
    onClose: () => setLatest(undefined),
  };
  const isChanged = Object.keys(changesOf(formOf(base), form)).length > 0;
  return { form, change: (part: Partial<VideoForm>) => setForm((now) => ({ ...now, ...part })), save, follow, isChanged, conflict };
}
