import { Plus, Trash2 } from 'lucide-preact';
import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { CaptionsView } from '#api/contract';
import type { Cue } from '#recorder/contract';
import { LoadFailure } from '../../app/LoadFailure.tsx';
import { api } from '../../app/services.ts';
import { useToastedAction } from '../../app/useAction.ts';
import { useLoaded } from '../../app/useLoaded.ts';
import { Button, ConfirmDialog, EmptyState, IconButton, Select, SkeletonList } from '../../design/index.ts';
import { text } from '../../text/index.ts';
import { ConflictDialog } from '../ConflictDialog.tsx';
import { AddCaptionsDialog } from './AddCaptionsDialog.tsx';
import { withNew } from './cueEdits.ts';
import { CueList } from './CueList.tsx';
import { useCaptionDraft } from './useCaptionDraft.ts';

export interface CaptionsPanelProps {
  videoId: string;
  positionMs: number;
  seek: (ms: number) => void;
  /** The cues that the timeline shows. */
  onCues: (cues: readonly Cue[]) => void;
  onUndo: (undo: () => void) => void;
  onNewCue: RefObject<(() => void) | undefined>;
}

/** The captions of each language. */
export function CaptionsPanel(props: CaptionsPanelProps) {
  const params = { videoId: props.videoId };
  const { data, error, reload } = useLoaded((signal) => api.listCaptions({ params }, { signal }), [props.videoId]);
  const [chosen, setChosen] = useState<string>();
  const [isAdding, setAdding] = useState(false);
  if (!data) return error ? <LoadFailure error={error} onRetry={reload} /> : <SkeletonList rows={4} />;
  const track = data.captions.find(({ id }) => id === chosen) ?? data.captions[0];
  const add = (
    <Button onClick={() => setAdding(true)}>
      <Plus aria-hidden="true" size={18} />
      {text.editor.addCaptions}
    </Button>
  );
  return (
    <div class="editor-list">
      {track ? (
        <>
          <div class="editor-list__head">
            <Select label={text.editor.language} value={track.id} choices={data.captions.map(({ id, label }) => ({ value: id, label }))} onValue={setChosen} />
            {add}
          </div>
          <LoadedTrack key={track.id} {...props} captionId={track.id} onDeleted={reload} />
        </>
      ) : (
        <EmptyState title={text.editor.captionsEmptyTitle} action={add}>{text.editor.captionsEmpty}</EmptyState>
      )}
      {isAdding ? <AddCaptionsDialog videoId={props.videoId} onAdded={(id) => (setChosen(id), reload())} onClose={() => setAdding(false)} /> : null}
    </div>
  );
}

type TrackProps = CaptionsPanelProps & { captionId: string; onDeleted: () => void };

function LoadedTrack(props: TrackProps) {
  const { data, error, reload } = useLoaded((signal) => api.getCaptions({ params: { videoId: props.videoId, captionId: props.captionId } }, { signal }), [props.captionId]);
  if (!data) return error ? <LoadFailure error={error} onRetry={reload} /> : <SkeletonList rows={4} />;
  return <Track {...props} loaded={data} />;
}

function Track({ loaded, positionMs, seek, onCues, onUndo, onNewCue, onDeleted }: TrackProps & { loaded: CaptionsView }) {
  const draft = useCaptionDraft(loaded, onUndo);
  const [focused, setFocused] = useState<number>();
  useEffect(() => onCues(draft.cues), [draft.cues]);
  useEffect(() => () => onCues([]), []);
  const add = () => {
    const { cues, index } = withNew(draft.cues, positionMs);
    draft.change(cues);
    setFocused(index);
  };
  onNewCue.current = add;
  return (
    <>
      <div class="editor-list__head">
        <Button variant="quiet" onClick={add}>
          <Plus aria-hidden="true" size={18} />
          {text.editor.addCue}
        </Button>
        <span class="small quiet grow">{text.editor.cueCount(draft.cues.length)}</span>
        <DeleteTrack loaded={loaded} onDeleted={onDeleted} />
      </div>
      {draft.cues.length === 0 ? <EmptyState title={text.editor.cuesEmptyTitle}>{text.editor.cuesEmpty}</EmptyState> : <CueList label={loaded.label} draft={draft} positionMs={positionMs} seek={seek} focused={focused} />}
      {draft.isChanged ? (
        <div class="editor-list__save">
          <p class="small" role="status">{draft.isStored ? text.editor.unsaved : text.editor.unsavedHere}</p>
          <Button variant="quiet" onClick={draft.discard}>{text.editor.discard}</Button>
          <Button variant="primary" isBusy={draft.isBusy} onClick={draft.save}>{text.editor.save}</Button>
        </div>
      ) : null}
      {draft.conflict ? <ConflictDialog {...draft.conflict} /> : null}
    </>
  );
}

function DeleteTrack({ loaded, onDeleted }: { loaded: CaptionsView; onDeleted: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const remove = useToastedAction(async () => {
    await api.deleteCaptions({ params: { videoId: loaded.videoId, captionId: loaded.id } });
    setAsking(false);
    onDeleted();
  });
  return (
    <>
      <IconButton label={text.editor.deleteCaptions} onClick={() => setAsking(true)}>
        <Trash2 aria-hidden="true" size={18} />
      </IconButton>
      {isAsking ? <ConfirmDialog title={text.editor.deleteCaptions} message={text.editor.deleteCaptionsSure(loaded.label)} confirmLabel={text.editor.deleteCaptions} isBusy={remove.isBusy} onConfirm={() => remove.run()} onClose={() => setAsking(false)} /> : null}
    </>
  );
}
