import { useState } from 'preact/hooks';
import type { Joining } from '#api/contract';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { Button, ConfirmDialog, showToast } from '../design/index.ts';
import { text } from '../text/index.ts';

/** The place of a person on the waiting list. */
export function WaitingPlace({ courseId, waiting, onChanged }: { courseId: string; waiting: NonNullable<Joining['waiting']>; onChanged: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const leave = useToastedAction(async () => {
    await api.leaveWaitingList({ params: { courseId } });
    setAsking(false);
    showToast({ text: text.enrolment.leftWaiting });
    onChanged();
  });
  return (
    <section class="section" aria-live="polite">
      <p class="waiting-place tabular">{text.enrolment.youWait(waiting.position)}</p>
      <p class="quiet">{text.enrolment.youWaitHint}</p>
      <div class="row">
        <Button variant="quiet" onClick={() => setAsking(true)}>
          {text.enrolment.leaveWaiting}
        </Button>
      </div>
      {isAsking ? (
        <ConfirmDialog
          title={text.enrolment.leaveWaitingTitle}
          message={text.enrolment.leaveWaitingMessage}
          confirmLabel={text.enrolment.leaveWaiting}
          isBusy={leave.isBusy}
          onConfirm={() => leave.run()}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </section>
  );
}
