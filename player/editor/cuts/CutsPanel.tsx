import { RotateCcw } from 'lucide-preact';
import { Button, EmptyState, Notice } from '../../design/index.ts';
import { formatClock, formatDateTime } from '../../text/format.ts';
import { text } from '../../text/index.ts';
import type { EditorView } from '../useEditing.ts';

/** What is cut, and until when each part can be restored. */
export function CutsPanel({ editing, seek, isLive }: EditorView & { isLive: boolean }) {
  const { cuts, durationMs, editedDurationMs } = editing.edits;
  if (isLive) return <div class="editor-list"><Notice>{text.editor.live}</Notice></div>;
  return (
    <div class="editor-list">
      {cuts.length === 0 ? (
        <EmptyState title={text.editor.cutsEmptyTitle}>{text.editor.cutsEmpty}</EmptyState>
      ) : (
        <p class="editor-list__note small quiet tabular">{text.editor.left(formatClock(editedDurationMs), formatClock(durationMs))}</p>
      )}
      <ul class="editor-list__rows">
        {cuts.map(({ id, startMs, endMs, undoUntil }) => (
          <li key={id} class="editor-row">
            <button type="button" class="editor-row__time tabular" aria-label={text.editor.playFrom(formatClock(startMs))} onClick={() => seek(startMs)}>
              {formatClock(startMs)} – {formatClock(endMs)}
            </button>
            <span class="editor-row__more small quiet">
              {text.editor.cutLength(formatClock(endMs - startMs))} · {undoUntil === null ? text.editor.cutForGood : text.editor.undoUntil(formatDateTime(undoUntil))}
            </span>
            {undoUntil === null ? null : (
              <Button variant="quiet" aria-label={text.editor.restoreCut(formatClock(startMs), formatClock(endMs))} onClick={() => editing.restore(id)}>
                <RotateCcw aria-hidden="true" size={18} />
                {text.editor.restore}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
