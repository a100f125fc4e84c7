import { Share2 } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { VideoView } from '#api/contract';
import { ActionForm } from '../app/ActionForm.tsx';
import { background } from '../app/background.ts';
import { absolute, paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { Button, ButtonLink, CopyField, Dialog, DialogActions, TextField } from '../design/index.ts';
import { text } from '../text/index.ts';
import { PreviewPlayer } from '../videoPage/PreviewPlayer.tsx';
import { defaultRange } from './clipRange.ts';
import { TrimBar } from './TrimBar.tsx';

interface ClipDialogProps {
  video: VideoView;
  /** The moment that the clip ends with at first, and how long the video is now. */
  atSeconds: number;
  durationSeconds: number;
  onMade?: (clip: VideoView) => void;
  onClose: () => void;
}

/** Makes a clip of a video: trims it, names it, and then plays it and gives its link. */
export function ClipDialog({ video, atSeconds, durationSeconds, onMade, onClose }: ClipDialogProps) {
  const [clip, setClip] = useState<VideoView>();
  return (
    <Dialog title={text.clips.title} onClose={onClose}>
      {clip ? (
        <Made clip={clip} onAnother={() => setClip(undefined)} onClose={onClose} />
      ) : (
        <Trim
          video={video}
          atSeconds={atSeconds}
          durationSeconds={durationSeconds}
          onMade={(made) => {
            setClip(made);
            onMade?.(made);
          }}
        />
      )}
    </Dialog>
  );
}

function Trim({ video, atSeconds, durationSeconds, onMade }: Pick<ClipDialogProps, 'video' | 'atSeconds' | 'durationSeconds'> & { onMade: (clip: VideoView) => void }) {
  const [range, setRange] = useState(() => defaultRange(atSeconds, durationSeconds));
  const [title, setTitle] = useState(video.title);
  const create = useAction(async () => {
    const { startSeconds, endSeconds } = range;
    onMade(await api.createClip({ params: { videoId: video.id }, body: { title, startMs: Math.round(startSeconds * 1000), endMs: Math.round(endSeconds * 1000) } }));
  });
  return (
    <ActionForm action={create} class="clip-dialog">
      <TrimBar range={range} durationSeconds={durationSeconds} storyboardUrl={video.storyboardUrl} onRange={setRange} />
      <p class="small quiet">{text.clips.keys}</p>
      <TextField label={text.clips.name} value={title} error={create.fieldProblem('title')} onValue={setTitle} />
      <DialogActions>
        <Button type="submit" variant="primary" isBusy={create.isBusy}>
          {text.clips.create}
        </Button>
      </DialogActions>
    </ActionForm>
  );
}

function Made({ clip, onAnother, onClose }: { clip: VideoView; onAnother: () => void; onClose: () => void }) {
  const url = absolute(paths.watch(clip.id));
  return (
    <div class="clip-dialog">
      <p role="status">{text.clips.made}</p>
      <PreviewPlayer video={clip} canWatch />
      <CopyField label={text.clips.link} value={url} />
      <div class="clip-actions">
        <ButtonLink href={paths.watch(clip.id)}>{text.clips.open}</ButtonLink>
        {'share' in navigator ? (
          <Button onClick={() => background(share({ title: clip.title, url }))}>
            <Share2 aria-hidden="true" size={20} />
            {text.clips.share}
          </Button>
        ) : null}
        <Button variant="quiet" onClick={onAnother}>
          {text.clips.another}
        </Button>
        <span class="grow" />
        <Button variant="primary" onClick={onClose}>
          {text.clips.done}
        </Button>
      </div>
    </div>
  );
}

async function share(what: ShareData): Promise<void> {
  try {
    await navigator.share(what);
  } catch (error) {
    // The person has closed the menu.
    if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
  }
}
