import { BookmarkPlus, Crosshair, Trash2 } from 'lucide-preact';
import { maxChapterTitleLength } from '#recorder/contract';
import { Button, EmptyState, IconButton } from '../../design/index.ts';
import { formatClock } from '../../text/format.ts';
import { text } from '../../text/index.ts';
import type { EditorView } from '../useEditing.ts';
import { addChapterAt } from './chapterEdits.ts';

/** The chapters of the video. Each change is saved at once. */
export function ChaptersPanel({ editing, positionMs, seek }: EditorView) {
  const { chapters } = editing.chapters;
  const current = chapters.findLastIndex(({ startMs }) => startMs <= positionMs);
  const rename = (index: number, title: string) => {
    if (title.trim() !== '' && title !== chapters[index]?.title) editing.setChapters(chapters.map((chapter, at) => (at === index ? { ...chapter, title } : chapter)));
  };
  return (
    <div class="editor-list">
      <div class="editor-list__head">
        <Button onClick={() => editing.setChapters(addChapterAt(chapters, positionMs))}>
          <BookmarkPlus aria-hidden="true" size={18} />
          {text.editor.addChapter}
        </Button>
      </div>
      {chapters.length === 0 ? <EmptyState title={text.editor.chaptersEmptyTitle}>{text.editor.chaptersEmpty}</EmptyState> : null}
      <ol class="editor-list__rows">
        {chapters.map(({ startMs, title }, index) => (
          <li key={startMs} class="editor-row" aria-current={index === current ? 'true' : undefined}>
            <button type="button" class="editor-row__time tabular" aria-label={text.editor.playFrom(formatClock(startMs))} onClick={() => seek(startMs)}>
              {formatClock(startMs)}
            </button>
            <input
              class="editor-row__text"
              dir="auto"
              aria-label={text.editor.chapterTitle(formatClock(startMs))}
              maxLength={maxChapterTitleLength}
              defaultValue={title}
              key={title}
              onBlur={(event) => rename(index, event.currentTarget.value)}
              onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
            />
            <IconButton label={text.editor.chapterToPlayhead(title)} onClick={() => editing.setChapters(chapters.map((chapter, at) => (at === index ? { ...chapter, startMs: Math.floor(positionMs) } : chapter)))}>
              <Crosshair aria-hidden="true" size={18} />
            </IconButton>
            <IconButton label={text.editor.deleteChapter(title)} onClick={() => editing.setChapters(chapters.toSpliced(index, 1))}>
              <Trash2 aria-hidden="true" size={18} />
            </IconButton>
          </li>
        ))}
      </ol>
    </div>
  );
}
