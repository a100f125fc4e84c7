import { useState } from 'preact/hooks';
import { maxCommentLength } from '#api/contract';
import { ActionForm } from '../app/ActionForm.tsx';
import { useAction } from '../app/useAction.ts';
import { Button, Checkbox, TextArea } from '../design/index.ts';
import { formatClock } from '../text/format.ts';
import { text } from '../text/index.ts';

interface ComposerProps {
  label: string;
  submit: string;
  initial?: string;
  /** The position of the player, for a comment about a moment; undefined for replies. */
  positionSeconds?: number | undefined;
  onSend: (comment: { text: string; atSeconds?: number }) => Promise<void>;
  onCancel?: () => void;
}

/** Writes a comment, a reply, or the new text of one. */
export function Composer({ label, submit, initial = '', positionSeconds, onSend, onCancel }: ComposerProps) {
  const [draft, setDraft] = useState(initial);
  const [isAboutMoment, setAboutMoment] = useState(false);
  const send = useAction(async () => {
    await onSend({ text: draft, ...(isAboutMoment && positionSeconds !== undefined && { atSeconds: Math.floor(positionSeconds) }) });
    setDraft('');
    setAboutMoment(false);
  });
  return (
    <ActionForm action={send}>
      <div class="composer">
        <TextArea label={label} hint={draft === '' ? undefined : text.community.hint} rows={draft === '' && !onCancel ? 1 : 3} maxLength={maxCommentLength} required value={draft} onValue={setDraft} error={send.fieldProblem('text')} />
        <div class="composer__row">
          {positionSeconds === undefined ? null : <Checkbox label={text.community.at(formatClock(Math.floor(positionSeconds) * 1000))} isChecked={isAboutMoment} onChecked={setAboutMoment} />}
          <span class="composer__buttons">
            {onCancel ? (
              <Button variant="quiet" onClick={onCancel}>
                {text.community.cancel}
              </Button>
            ) : null}
            <Button type="submit" isBusy={send.isBusy} disabled={draft.trim() === ''}>
              {submit}
            </Button>
          </span>
        </div>
      </div>
    </ActionForm>
  );
}
