import { useState } from 'preact/hooks';
import type { Joining } from '#api/contract';
import { ActionForm } from '../app/ActionForm.tsx';
import { serverClock } from '../app/ServerClock.ts';
import { api } from '../app/services.ts';
import { useAction, useToastedAction } from '../app/useAction.ts';
import { Button, Notice, showToast, TextArea } from '../design/index.ts';
import { formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';

interface RequestFormProps {
  courseId: string;
  joining: Joining;
  onJoining: (joining: Joining) => void;
  onChanged: () => void;
}

/** Asks to join a course, and shows what became of it. */
export function RequestForm({ courseId, joining, onJoining, onChanged }: RequestFormProps) {
  const { request } = joining;
  const [note, setNote] = useState('');
  const send = useAction(async () => {
    onJoining(await api.sendRequest({ params: { courseId }, body: { note } }));
    showToast({ text: text.enrolment.requestSent });
  });
  if (request?.state === 'open') return <OpenRequest courseId={courseId} note={request.note} onChanged={onChanged} />;
  const againAt = request?.mayAskAgainAt ?? null;
  const mustWait = againAt !== null && Date.parse(againAt) > serverClock.nowMs();
  return (
    <div class="stack">
      {request ? (
        <Notice tone="warning">
          {text.enrolment.requestDeclined} {mustWait ? text.enrolment.requestAgain(formatDateTime(againAt)) : null}
        </Notice>
      ) : null}
      {mustWait ? null : (
        <ActionForm title={text.enrolment.requestTitle} action={send} class="narrow">
          <p class="quiet">{text.enrolment.requestIntro}</p>
          <TextArea label={text.enrolment.note} value={note} error={send.fieldProblem('note')} onValue={setNote} />
          <div class="row">
            <Button type="submit" variant="primary" size="large" isBusy={send.isBusy}>
              {text.enrolment.sendRequest}
            </Button>
          </div>
        </ActionForm>
      )}
    </div>
  );
}

function OpenRequest({ courseId, note, onChanged }: { courseId: string; note: string; onChanged: () => void }) {
  const withdraw = useToastedAction(async () => {
    await api.withdrawRequest({ params: { courseId } });
    showToast({ text: text.enrolment.requestWithdrawn });
    onChanged();
  });
  return (
    <div class="stack narrow">
      <Notice>{text.enrolment.requestOpen}</Notice>
      {note ? (
        <p class="person__note" dir="auto">
          {note}
        </p>
      ) : null}
      <div class="row">
        <Button isBusy={withdraw.isBusy} onClick={() => withdraw.run()}>
          {text.enrolment.withdrawRequest}
        </Button>
      </div>
    </div>
  );
}
