import { Button, Dialog, DialogActions } from '../design/index.ts';
import { formatClock } from '../text/format.ts';
import { text } from '../text/index.ts';

/** Something that somebody else has changed. Null: it was, or is, not there. */
export interface ConflictLine {
  atMs: number;
  before: string | null;
  now: string | null;
}

export interface Conflict {
  lines: readonly ConflictLine[];
  onKeep: () => void;
  onTake: () => void;
  onClose: () => void;
}

const maxLines = 20;

/** What somebody else has changed since this person began. */
export function ConflictDialog({ lines, onKeep, onTake, onClose }: Conflict) {
  return (
    <Dialog title={text.editor.conflictTitle} onClose={onClose} isKept>
      <p>{text.editor.conflict}</p>
      <dl class="editor-conflicts">
        {lines.slice(0, maxLines).map(({ atMs, before, now }) => (
          <div key={`${atMs}`}>
            <dt class="tabular">{formatClock(atMs)}</dt>
            <dd dir="auto">{text.editor.conflictNow(now ?? text.editor.nothing)}</dd>
            <dd dir="auto" class="quiet">{text.editor.conflictBefore(before ?? text.editor.nothing)}</dd>
          </div>
        ))}
      </dl>
      {lines.length > maxLines ? <p class="quiet">{text.editor.conflictMore(lines.length - maxLines)}</p> : null}
      <DialogActions>
        <Button onClick={onTake}>{text.editor.conflictTake}</Button>
        <Button variant="primary" onClick={onKeep}>
          {text.editor.conflictKeep}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
