import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '#api/contract';
import type { CaptionsView } from '#api/contract';
import type { Cue } from '#recorder/contract';
import { background } from '../../app/background.ts';
import { api } from '../../app/services.ts';
import { showToast } from '../../design/index.ts';
import { text } from '../../text/index.ts';
import { sentenceFor } from '../../text/sentenceFor.ts';
import type { Conflict } from '../ConflictDialog.tsx';
import { cueChanges, written } from './cueEdits.ts';
import { forgetDraft, loadDraft, storeDraft } from './draftStore.ts';

export interface CaptionDraft {
  cues: readonly Cue[];
  isChanged: boolean;
  /** False if the browser has no room for what is not saved. */
  isStored: boolean;
  isBusy: boolean;
  conflict: Conflict | undefined;
  change: (cues: readonly Cue[], options?: { isTyping?: boolean }) => void;
  save: () => void;
  discard: () => void;
}

/** The cues of one caption track while they are edited. What is not saved is kept in the browser, also over a reload. */
export function useCaptionDraft(loaded: CaptionsView, onUndo: (undo: () => void) => void): CaptionDraft {
  const [base, setBase] = useState(loaded);
  const found = useRef(loadDraft(localStorage, loaded.id));
  const [cues, setCues] = useState<readonly Cue[]>(found.current?.cues ?? loaded.cues);
  const [isStored, setStored] = useState(true);
  const [isBusy, setBusy] = useState(false);
  const [conflict, setConflict] = useState<Conflict>();
  const latest = useRef(cues);
  const isTypingNow = useRef(false);
  useEffect(() => {
    if (found.current) showToast({ text: text.editor.restored });
    if (found.current && found.current.baseRevision !== loaded.revision) ask(loaded, cues);
  }, []);

  function put(next: readonly Cue[]) {
    latest.current = next;
    setCues(next);
    setStored(storeDraft(localStorage, base.id, { baseRevision: base.revision, cues: [...next] }));
  }
  function accept(saved: CaptionsView) {
    forgetDraft(localStorage, saved.id);
    latest.current = saved.cues;
    setBase(saved);
    setCues(saved.cues);
    setConflict(undefined);
  }
  function ask(now: CaptionsView, from: readonly Cue[]) {
    const lines = cueChanges(from, now.cues).map(({ startMs, before, after }) => ({ atMs: startMs, before, now: after }));
    setConflict({ lines, onKeep: () => background(send(now)), onTake: () => accept(now), onClose: () => setConflict(undefined) });
  }
  async function send(from: CaptionsView) {
    setBusy(true);
    setConflict(undefined);
    const params = { videoId: from.videoId, captionId: from.id };
    try {
      accept(await api.updateCaptions({ params, body: { cues: written(latest.current) } }, { ifUnchanged: from }));
      showToast({ text: text.editor.saved });
    } catch (error) {
      if (error instanceof ApiError && error.code === 'version.changed') ask(await api.getCaptions({ params }), base.cues);
      else showToast({ text: sentenceFor(error), tone: 'danger' });
    } finally {
      setBusy(false);
    }
  }
  return {
    cues,
    isChanged: JSON.stringify(cues) !== JSON.stringify(base.cues),
    isStored,
    isBusy,
    conflict,
    change: (next, { isTyping = false } = {}) => {
      const before = latest.current;
      // One step for what is typed without a break.
      if (!isTyping || !isTypingNow.current) onUndo(() => put(before));
      isTypingNow.current = isTyping;
      put(next);
    },
    save: () => background(send(base)),
    discard: () => {
      forgetDraft(localStorage, base.id);
      latest.current = base.cues;
      setCues(base.cues);
    },
  };
}
