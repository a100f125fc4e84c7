import { BookmarkPlus, Maximize2, Pause, Play, Scissors, Undo2, X, ZoomIn, ZoomOut } from 'lucide-preact';
import { Button, IconButton } from '../design/index.ts';
import { formatClock } from '../text/format.ts';
import { text } from '../text/index.ts';
import type { ReplayPlayer } from '../vod/playback/ReplayPlayer.ts';
import { addChapterAt } from './chapters/chapterEdits.ts';
import { wholeScale, zoomedAt } from './timeline/timeScale.ts';
import type { TimeScale } from './timeline/timeScale.ts';
import type { EditorView } from './useEditing.ts';
import { togglePlay } from './useEditorKeys.ts';

interface ToolsProps extends EditorView {
  player: ReplayPlayer | undefined;
  scale: TimeScale;
  setScale: (scale: TimeScale) => void;
  onTab: (tab: string) => void;
  isLive: boolean;
}

const zoomFactor = 1.6;

/** The buttons above the timeline. */
export function EditorTools({ editing, player, positionMs, scale, setScale, onTab, isLive }: ToolsProps) {
  const { marks, setMarks, range, widened } = editing;
  const isPaused = player?.isPaused.value ?? true;
  return (
    <div class="editor-tools" role="toolbar" aria-label={text.editor.timeline}>
      <IconButton label={isPaused ? text.editor.play : text.editor.pause} onClick={() => togglePlay(player)}>
        {isPaused ? <Play aria-hidden="true" /> : <Pause aria-hidden="true" />}
      </IconButton>
      <span class="editor-tools__time tabular">
        {formatClock(positionMs)} <span class="quiet">/ {formatClock(scale.durationMs)}</span>
      </span>
      {isLive ? null : (
        <>
          <Button variant="quiet" onClick={() => setMarks({ ...marks, inMs: positionMs })}>{text.editor.markIn}</Button>
          <Button variant="quiet" onClick={() => setMarks({ ...marks, outMs: positionMs })}>{text.editor.markOut}</Button>
          <Button variant={range ? 'primary' : 'secondary'} disabled={!range} onClick={() => (editing.cut(), onTab('cuts'))}>
            <Scissors aria-hidden="true" size={18} />
            {text.editor.cut}
          </Button>
        </>
      )}
      {marks.inMs === undefined && marks.outMs === undefined ? null : (
        <IconButton label={text.editor.unmark} onClick={() => setMarks({ inMs: undefined, outMs: undefined })}>
          <X aria-hidden="true" size={18} />
        </IconButton>
      )}
      <Button variant="quiet" onClick={() => (editing.setChapters(addChapterAt(editing.chapters.chapters, positionMs)), onTab('chapters'))}>
        <BookmarkPlus aria-hidden="true" size={18} />
        {text.editor.addChapter}
      </Button>
      <span class="editor-tools__note small quiet tabular" role="status">
        {range ? text.editor.marked(formatClock(range.startMs), formatClock(range.endMs)) : ''}
        {widened ? ` · ${text.editor.widened(formatClock(widened.startMs), formatClock(widened.endMs))}` : ''}
      </span>
      <IconButton label={text.editor.undo} onClick={() => editing.undo()}><Undo2 aria-hidden="true" size={20} /></IconButton>
      <IconButton label={text.editor.zoomOut} onClick={() => setScale(zoomedAt(scale, zoomFactor, positionMs))}><ZoomOut aria-hidden="true" size={20} /></IconButton>
      <IconButton label={text.editor.zoomIn} onClick={() => setScale(zoomedAt(scale, 1 / zoomFactor, positionMs))}><ZoomIn aria-hidden="true" size={20} /></IconButton>
      <IconButton label={text.editor.fit} onClick={() => setScale(wholeScale(scale.durationMs, scale.widthPx))}><Maximize2 aria-hidden="true" size={20} /></IconButton>
    </div>
  );
}
