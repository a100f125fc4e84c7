import { useState } from 'preact/hooks';
import type { LectureView } from '#api/contract';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { ConfirmDialog, showToast } from '../design/index.ts';
import { text } from '../text/index.ts';
import { ScopeChoice } from './ScopeChoice.tsx';
import type { Scope } from './ScopeChoice.tsx';

interface CancelLectureDialogProps {
  lecture: LectureView;
  onClose: () => void;
  onDone: () => void;
}

/** Cancels a lecture, or the later ones of its series as well. */
export function CancelLectureDialog({ lecture, onClose, onDone }: CancelLectureDialogProps) {
  const [scope, setScope] = useState<Scope>('one');
  const cancel = useToastedAction(async () => {
    const params = { lectureId: lecture.id };
    if (scope === 'one') await api.deleteLecture({ params });
    else await api.deleteSeries({ params, query: { scope } });
    showToast({ text: scope === 'one' ? text.course.cancelled : text.schedule.seriesCancelled });
    onDone();
  });
  const message = <>{text.course.cancelMessage(lecture.title)}</>;
  return (
    <ConfirmDialog
      title={text.course.cancelTitle}
      message={message}
      more={lecture.series ? <ScopeChoice label={text.schedule.cancelScope} scope={scope} onScope={setScope} /> : null}
      confirmLabel={text.course.cancelLecture}
      isBusy={cancel.isBusy}
      onConfirm={() => cancel.run()}
      onClose={onClose}
    />
  );
}
