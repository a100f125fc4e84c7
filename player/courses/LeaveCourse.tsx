import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { CourseDetail } from '#api/contract';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { Button, ConfirmDialog, showToast } from '../design/index.ts';
import { text } from '../text/index.ts';

export function LeaveCourse({ course }: { course: CourseDetail }) {
  const { route } = useLocation();
  const [isAsking, setAsking] = useState(false);
  const leave = useToastedAction(async () => {
    await api.leaveCourse({ params: { courseId: course.id } });
    showToast({ text: text.course.left });
    route(paths.home);
  });
  return (
    <div class="row">
      <Button variant="quiet" onClick={() => setAsking(true)}>
        {text.course.leave}
      </Button>
      {isAsking ? (
        <ConfirmDialog
          title={text.course.leaveTitle}
          message={text.course.leaveMessage}
          confirmLabel={text.course.leave}
          isBusy={leave.isBusy}
          onConfirm={() => leave.run()}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </div>
  );
}
