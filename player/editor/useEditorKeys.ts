import { useEffect } from 'preact/hooks';
import { background } from '../app/background.ts';
import type { ReplayPlayer } from '../vod/playback/ReplayPlayer.ts';
import { focusedControl } from '../vod/stage/focusedControl.ts';
import { addChapterAt } from './chapters/chapterEdits.ts';
import { editorCommandOf } from './editorKeys.ts';
import type { EditorCommand } from './editorKeys.ts';
import { wholeScale, zoomedAt } from './timeline/timeScale.ts';
import type { TimeScale } from './timeline/timeScale.ts';
import type { EditorView } from './useEditing.ts';

export interface EditorKeys extends EditorView {
  player: ReplayPlayer | undefined;
  scale: TimeScale;
  setScale: (scale: TimeScale) => void;
  onHelp: () => void;
  onTab: (tab: string) => void;
  onNewCue: () => void;
}

/** Controls the editor by keyboard. Keys that it does not have go to the player. */
export function useEditorKeys(keys: EditorKeys): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
      const isTimeline = event.target instanceof HTMLElement && event.target.classList.contains('timeline');
      const focused = isTimeline ? 'page' : focusedControl(event);
      const command = editorCommandOf({ key: event.key, hasModifier: event.ctrlKey || event.metaKey || event.altKey, focused });
      if (!command) return;
      event.preventDefault();
      run(command, keys);
    };
    // Before the player, which listens on the document and leaves what is handled.
    document.addEventListener('keydown', onKeyDown, true);
    return () => document.removeEventListener('keydown', onKeyDown, true);
  });
}

const zoomFactor = 1.6;

function run(command: EditorCommand, keys: EditorKeys): void {
  const { editing, positionMs, seek, scale, setScale } = keys;
  const actions: Record<Exclude<EditorCommand['kind'], 'seekBy' | 'edge'>, () => void> = {
    toggle: () => togglePlay(keys.player),
    markIn: () => editing.setMarks({ ...editing.marks, inMs: positionMs }),
    markOut: () => editing.setMarks({ ...editing.marks, outMs: positionMs }),
    unmark: () => editing.setMarks({ inMs: undefined, outMs: undefined }),
    cut: () => editing.cut(),
    chapter: () => {
      keys.onTab('chapters');
      editing.setChapters(addChapterAt(editing.chapters.chapters, positionMs));
    },
    cue: () => {
      keys.onTab('captions');
      keys.onNewCue();
    },
    undo: () => editing.undo(),
    zoomIn: () => setScale(zoomedAt(scale, 1 / zoomFactor, positionMs)),
    zoomOut: () => setScale(zoomedAt(scale, zoomFactor, positionMs)),
    fit: () => setScale(wholeScale(scale.durationMs, scale.widthPx)),
    help: () => keys.onHelp(),
  };
  if (command.kind === 'seekBy') seek(Math.max(0, positionMs + command.ms));
  else if (command.kind === 'edge') seek(nextEdge(keys, command.step));
  else actions[command.kind]();
}

export function togglePlay(player: ReplayPlayer | undefined): void {
  if (player?.isPaused.value) background(player.play());
  else player?.pause();
}

/** The next or previous chapter, cut or end. */
function nextEdge({ editing, positionMs }: EditorKeys, step: 1 | -1): number {
  const { edits, chapters } = editing;
  const edges = [0, edits.durationMs, ...chapters.chapters.map(({ startMs }) => startMs), ...edits.cuts.flatMap(({ startMs, endMs }) => [startMs, endMs])].sort((a, b) => a - b);
  const tolerance = 60;
  const found = step === 1 ? edges.find((ms) => ms > positionMs + tolerance) : edges.findLast((ms) => ms < positionMs - tolerance);
  return found ?? positionMs;
}
