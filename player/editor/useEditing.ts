import { useRef, useState } from 'preact/hooks';
import { ApiError } from '#api/contract';
import type { VideoChapterList, VideoEdits } from '#api/contract';
import type { Chapter, Span } from '#recorder/contract';
import { background } from '../app/background.ts';
import { api } from '../app/services.ts';
import { showToast } from '../design/index.ts';
import { formatClock } from '../text/format.ts';
import { text } from '../text/index.ts';
import { sentenceFor } from '../text/sentenceFor.ts';
import type { Conflict } from './ConflictDialog.tsx';
import { markedRange, widenedRange, withCut } from './cuts/cutRange.ts';
import type { EditedVideo } from './EditedVideo.ts';
import { listChanges } from './listChanges.ts';

type Undo = () => void | Promise<void>;

/** Cuts and chapters, which are saved at once, and what undoes the last changes. */
export function useEditing(loaded: EditedVideo) {
  const params = { videoId: loaded.playback.video.id };
  const [playback, setPlayback] = useState(loaded.playback);
  const [edits, setEdits] = useState(loaded.edits);
  const [chapters, setChapters] = useState(loaded.chapters);
  const [marks, setMarks] = useState<{ inMs: number | undefined; outMs: number | undefined }>({ inMs: undefined, outMs: undefined });
  const [conflict, setConflict] = useState<Conflict>();
  const undos = useRef<Undo[]>([]);
  const pushUndo = (undo: Undo) => void undos.current.push(undo);
  const latest = useRef({ edits, chapters });
  latest.current = { edits, chapters };

  const acceptEdits = async (next: VideoEdits) => {
    setEdits(next);
    latest.current.edits = next;
    setPlayback(await api.getPlayback({ params }));
  };
  const acceptChapters = (next: VideoChapterList) => {
    latest.current.chapters = next;
    setChapters(next);
  };
  /** On `version.changed`, shows what is different, and saves or takes it. */
  const settle = <T extends object>(error: unknown, { load, lines, keep, take }: { load: () => Promise<T>; lines: (now: T) => Conflict['lines']; keep: (now: T) => Promise<unknown>; take: (now: T) => unknown }) => {
    if (!(error instanceof ApiError) || error.code !== 'version.changed') return showToast({ text: sentenceFor(error), tone: 'danger' });
    background(load().then((now) => {
      const close = () => setConflict(undefined);
      setConflict({ lines: lines(now), onKeep: () => (close(), background(keep(now))), onTake: () => (close(), take(now)), onClose: close });
    }));
  };

  const saveCuts = async (cuts: readonly Span[], from: VideoEdits = latest.current.edits): Promise<boolean> => {
    try {
      await acceptEdits(await api.setEdits({ params, body: { cuts: cuts.map(({ startMs, endMs }) => ({ startMs, endMs })) } }, { ifUnchanged: from }));
      return true;
    } catch (error) {
      settle(error, { load: () => api.getEdits({ params }), lines: (now) => listChanges(cutLines(from), cutLines(now)), keep: (now) => saveCuts(cuts, now), take: acceptEdits });
      return false;
    }
  };
  const saveChapters = async (wanted: readonly Chapter[], from: VideoChapterList = latest.current.chapters): Promise<boolean> => {
    try {
      acceptChapters(await api.setChapters({ params, body: { chapters: [...wanted] } }, { ifUnchanged: from }));
      return true;
    } catch (error) {
      settle(error, { load: () => api.getChapters({ params }), lines: (now) => listChanges(chapterLines(from), chapterLines(now)), keep: (now) => saveChapters(wanted, now), take: acceptChapters });
      return false;
    }
  };
  const changeCuts = async (cuts: readonly Span[], said: string) => {
    const before = latest.current.edits.cuts;
    if (!(await saveCuts(cuts))) return;
    showToast({ text: said });
    pushUndo(async () => {
      if (await saveCuts(before)) showToast({ text: text.editor.cutUndone });
    });
  };

  const range = markedRange(marks.inMs, marks.outMs);
  const cut = async () => {
    const widened = range && widenedRange(edits.cutPoints, range);
    if (!widened) return showToast({ text: text.editor.markFirst });
    setMarks({ inMs: undefined, outMs: undefined });
    await changeCuts(withCut(edits.cuts, widened), text.editor.cutDone(formatClock(widened.endMs - widened.startMs)));
  };
  return {
    playback,
    setPlayback,
    edits,
    chapters,
    marks,
    setMarks,
    range,
    widened: range && widenedRange(edits.cutPoints, range),
    conflict,
    pushUndo,
    cut: () => background(cut()),
    restore: (cutId: string) => background(changeCuts(edits.cuts.filter(({ id }) => id !== cutId), text.editor.cutUndone)),
    setChapters: (wanted: readonly Chapter[]) => {
      const before = latest.current.chapters.chapters;
      background(saveChapters(wanted).then((isSaved) => isSaved && pushUndo(() => void background(saveChapters(before)))));
    },
    undo: () => {
      const last = undos.current.pop();
      if (last) background(Promise.resolve(last()));
      else showToast({ text: text.editor.nothingToUndo });
    },
  };
}

export type Editing = ReturnType<typeof useEditing>;

/** What each part of the editor is about. `positionMs` and `seek`: source time. */
export interface EditorView {
  editing: Editing;
  positionMs: number;
  seek: (ms: number) => void;
}

function cutLines({ cuts }: VideoEdits): Map<number, string> {
  return new Map(cuts.map(({ startMs, endMs }) => [startMs, `${text.editor.cut} ${formatClock(startMs)} – ${formatClock(endMs)}`]));
}

function chapterLines({ chapters }: VideoChapterList): Map<number, string> {
  return new Map(chapters.map(({ startMs, title }) => [startMs, title]));
}
